package io.github.autodaemon.internal.fs;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Signals of this process. A shutdown hook runs at the first SIGTERM only, and at no other signal alone. The JDK has no
 * supported API for signals, and has kept this one in the module jdk.unsupported (JEP 260).
 */
public final class Signals {
    private Signals() {}

    private record Handler(Runnable action) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args) {
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> args != null && self == args[0];
                case "toString" -> "auto-daemon's handler of a signal";
                default -> {
                    action.run();
                    yield null;
                }
            };
        }
    }

    /**
     * Runs {@code action} at each such signal, on a thread of the JVM. A signal that was ignored when the JVM started
     * stays ignored.
     *
     * @param name without SIG
     * @return why this JVM does not do it; null when it does
     */
    public static @Nullable String on(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            return handle(
                    name,
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, new Handler(action)));
        } catch (ReflectiveOperationException e) {
            return reason(e);
        }
    }

    /** Ends this process by a signal, so that its parent sees which; does nothing on a JVM that cannot. */
    public static void die(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Object byDefault =
                    Class.forName("sun.misc.SignalHandler").getField("SIG_DFL").get(null);
            if (handle(name, byDefault) == null) {
                signal.getMethod("raise", signal)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name));
                // It arrives on any thread.
                Thread.sleep(1000);
            }
        } catch (ReflectiveOperationException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String handle(String name, Object action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object before = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), action);
            assert before != null;
            return null;
        } catch (ReflectiveOperationException e) {
            return reason(e);
        }
    }

    private static String reason(ReflectiveOperationException e) {
        // With -Xrs signals are not the JVM's.
        return e instanceof InvocationTargetException && e.getCause() != null
                ? e.getCause().toString()
                : "this JVM has no " + e.getMessage();
    }
}
