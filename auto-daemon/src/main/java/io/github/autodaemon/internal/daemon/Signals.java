package io.github.autodaemon.internal.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Handles each SIGTERM. A shutdown hook runs at the first signal only. The JDK has no supported API for the second
 * signal, and has kept this one in the module jdk.unsupported (JEP 260).
 */
public final class Signals {
    private Signals() {}

    private record Handler(Runnable action) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args) {
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> args != null && self == args[0];
                case "toString" -> "auto-daemon's handler of SIGTERM";
                default -> {
                    action.run();
                    yield null;
                }
            };
        }
    }

    /** Runs {@code action} at each SIGTERM; has no effect on a JVM without this API. */
    static void onTerminate(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, new Handler(action));
            Object term = signal.getConstructor(String.class).newInstance("TERM");
            Object before = signal.getMethod("handle", signal, handler).invoke(null, term, proxy);
            assert before != null;
        } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            DaemonLog.say("a second SIGTERM will have no effect, this JVM has no " + e.getMessage());
        } catch (InvocationTargetException e) {
            // With -Xrs signals are not the JVM's.
            DaemonLog.say("a second SIGTERM will have no effect: " + e.getCause());
        }
    }
}
