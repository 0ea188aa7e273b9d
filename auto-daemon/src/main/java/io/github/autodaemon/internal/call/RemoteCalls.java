package io.github.autodaemon.internal.call;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.CallTimeoutException;
import io.github.autodaemon.ConnectionLostException;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.internal.client.CallResult;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Response;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends the calls on a proxy to the daemon. */
public final class RemoteCalls implements InvocationHandler {
    private static final int MAX_RENEWALS = 3;

    private final InterfacePlan plan;
    private final SessionSource connection;
    private final long timeoutMillis;

    /** {@code timeoutMillis} is the timeout of a call; 0 for no limit. */
    public RemoteCalls(InterfacePlan plan, SessionSource connection, long timeoutMillis) {
        this.plan = plan;
        this.connection = connection;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> given != null && proxy == given[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "the service in the daemon (" + plan.names() + ")";
            };
        }
        if (method.isDefault()) {
            return onTop(proxy, method, given);
        }
        MethodPlan called = plan.method(method.getName());
        if (called == null) {
            throw new IllegalStateException("no plan for " + method);
        }
        List<@Nullable Object> arguments = arguments(called, given);
        try {
            return call(
                    called,
                    called.kind() == MethodPlan.Kind.SEQUENCE
                            ? arguments
                            : plan.values().carried(arguments));
        } catch (RemoteException e) {
            throw declared(method, e);
        }
    }

    /**
     * The thrown exception as a declared exception of the method, else {@code remote}. Only classes that the method
     * names are considered, whatever the peer says.
     */
    private static Exception declared(Method method, RemoteException remote) {
        String type = remote.type().orElse("");
        for (Class<?> declared : method.getExceptionTypes()) {
            // An InterruptedException belongs to this thread, and never comes from the daemon.
            boolean checked = Exception.class.isAssignableFrom(declared)
                    && !RuntimeException.class.isAssignableFrom(declared)
                    && declared != InterruptedException.class;
            if (checked && declared.getName().equals(type)) {
                try {
                    Constructor<?> constructor = declared.getConstructor(String.class);
                    constructor.trySetAccessible();
                    Exception rebuilt = (Exception) constructor.newInstance(remote.getMessage());
                    return (Exception) rebuilt.initCause(remote);
                } catch (ReflectiveOperationException | RuntimeException e) {
                    // The class has no such constructor, or the constructor fails, or the exception already has a
                    // cause.
                    return remote;
                }
            }
        }
        return remote;
    }

    /** A default method. */
    private static @Nullable Object onTop(Object proxy, Method method, @Nullable Object @Nullable [] given)
            throws Throwable {
        Class<?> type = method.getDeclaringClass();
        Module library = RemoteCalls.class.getModule();
        boolean reachable =
                Modifier.isPublic(type.getModifiers()) && type.getModule().isExported(type.getPackageName(), library);
        if (reachable) {
            return InvocationHandler.invokeDefault(proxy, method, given);
        }
        library.addReads(type.getModule());
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                .unreflectSpecial(method, type)
                .asFixedArity()
                .bindTo(proxy)
                .invokeWithArguments(given == null ? new Object[0] : given);
    }

    private static List<@Nullable Object> arguments(MethodPlan plan, @Nullable Object @Nullable [] given) {
        if (given == null) {
            return new ArrayList<>();
        }
        if (!plan.varargs()) {
            return Arrays.asList(given);
        }
        int fixed = given.length - 1;
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(given).subList(0, fixed));
        Object rest = given[fixed];
        int more = rest == null ? 0 : java.lang.reflect.Array.getLength(rest);
        for (int i = 0; i < more; i++) {
            all.add(java.lang.reflect.Array.get(rest, i));
        }
        return all;
    }

    @Nullable
    Object call(MethodPlan method, List<@Nullable Object> args) {
        try {
            switch (method.kind()) {
                case BLOCKING -> {
                    return result(method, outcome(method, args));
                }
                case FUTURE -> {
                    return future(method, args);
                }
                case ONE_WAY -> {
                    if (!connection.used().send(method.name(), args, deadline())) {
                        throw CallTimeoutException.unsent(method.name(), timeoutMillis);
                    }
                    return null;
                }
                case STREAM -> {
                    ByteStream stream = connection.used().open(method.name(), args, deadline());
                    if (stream == null) {
                        throw new CallTimeoutException(method.name(), timeoutMillis);
                    }
                    return new WireDuplex(stream);
                }
                case SEQUENCE -> {
                    return SequenceCalls.call(method, args, connection.used(), plan.values(), timeoutMillis);
                }
            }
            throw new AssertionError("all kinds are listed");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + method + "\" was not called: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutoDaemonException(
                    "interrupted during the call of \"" + method
                            + "\", which may have run, and was cancelled; the connection goes on",
                    e);
        } catch (IOException e) {
            throw new ConnectionLostException(method.name(), false, String.valueOf(e.getMessage()));
        }
    }

    /** A call that a leaving daemon has not begun is done by its successor, where no caller can see the difference. */
    private CallResult outcome(MethodPlan method, List<@Nullable Object> args) throws InterruptedException {
        ClientSession session = connection.session();
        CallResult outcome = session.call(method.name(), args, timeoutMillis);
        for (int i = 0; i < MAX_RENEWALS && outcome.answer() == null && !outcome.mayHaveRun(); i++) {
            if (!renew(method, session)) {
                return outcome;
            }
            session = connection.session();
            outcome = session.call(method.name(), args, timeoutMillis);
        }
        if (outcome.mayHaveRun() || outcome.answer() != null) {
            connection.used();
        }
        return outcome;
    }

    private boolean renew(MethodPlan method, ClientSession left) {
        try {
            return connection.renew(left);
        } catch (AutoDaemonException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            ConnectionLostException lost = new ConnectionLostException(
                    method.name(), false, "the daemon leaves, and no other was reached: " + e.getMessage());
            lost.initCause(e);
            throw lost;
        }
    }

    private long deadline() {
        return ClientSession.deadline(timeoutMillis);
    }

    private CompletableFuture<@Nullable Object> future(MethodPlan method, List<@Nullable Object> args)
            throws InterruptedException {
        return connection.used().callAsync(method.name(), args, timeoutMillis, outcome -> result(method, outcome));
    }

    private @Nullable Object result(MethodPlan method, CallResult outcome) {
        if (outcome.isTimedOut()) {
            throw new CallTimeoutException(method.name(), timeoutMillis);
        }
        Response answer = outcome.answer();
        if (answer == null && outcome.mayHaveRun() && isNpmsClose(method)) {
            return null;
        }
        if (answer == null) {
            throw new ConnectionLostException(method.name(), outcome.mayHaveRun(), outcome.reason());
        }
        Map<?, ?> error = answer.error();
        if (error != null) {
            // The daemon checks the timeout too, and was a moment earlier.
            if (timeoutMillis > 0 && Boolean.TRUE.equals(error.get(Request.TIMED_OUT))) {
                throw new CallTimeoutException(method.name(), timeoutMillis);
            }
            throw new RemoteException(error);
        }
        try {
            return plan.values().convert(answer.value(), method.result());
        } catch (IllegalArgumentException e) {
            throw new AutoDaemonException("the result of \"" + method + "\" does not fit: " + e.getMessage(), e);
        }
    }

    /** True for the end of an npm service: {@code close} destroys the connection, and sends no answer. */
    private boolean isNpmsClose(MethodPlan method) {
        Type result = method.result();
        return connection.session().hello() == null
                && method.name().equals("close")
                && (result == void.class || result == Void.class || result == Object.class);
    }

    /** Calls by name. */
    public static final class Dynamic implements Rpc {
        private final Map<String, MethodPlan> methods;
        private final RemoteCalls calls;

        public Dynamic(Map<String, MethodPlan> methods, RemoteCalls calls) {
            this.methods = methods;
            this.calls = calls;
        }

        private @Nullable Object call(String name, MethodPlan.Kind kind, @Nullable Object[] args) {
            MethodPlan listed = methods.get(name);
            if (listed == null) {
                throw new IllegalArgumentException("no method \"" + name + "\" was named for this daemon; there are: "
                        + String.join(", ", methods.keySet()));
            }
            boolean stream = kind == MethodPlan.Kind.STREAM;
            if (stream != (listed.kind() == MethodPlan.Kind.STREAM)) {
                throw new IllegalArgumentException("\"" + name + "\" is "
                        + (stream ? "no stream method; call it" : "a stream method; use stream(...)"));
            }
            Type result = Object.class;
            List<@Nullable Object> given = calls.plan.values().carried(Arrays.asList(args));
            return calls.call(new MethodPlan(null, name, kind, result, List.of(), false), given);
        }

        @Override
        public @Nullable Object call(String method, @Nullable Object... args) {
            return call(method, MethodPlan.Kind.BLOCKING, args);
        }

        @Override
        @SuppressWarnings("unchecked") // A plan of kind FUTURE for Object returns such a future.
        public CompletableFuture<@Nullable Object> callAsync(String method, @Nullable Object... args) {
            Object future = call(method, MethodPlan.Kind.FUTURE, args);
            if (future == null) {
                throw new IllegalStateException("no future");
            }
            return (CompletableFuture<@Nullable Object>) future;
        }

        @Override
        public void send(String method, @Nullable Object... args) {
            call(method, MethodPlan.Kind.ONE_WAY, args);
        }

        @Override
        public Duplex stream(String method, @Nullable Object... args) {
            Object stream = call(method, MethodPlan.Kind.STREAM, args);
            if (stream == null) {
                throw new IllegalStateException("no stream");
            }
            return (Duplex) stream;
        }
    }
}
