package io.github.autodaemon.internal.call;

import io.github.autodaemon.Duplex;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Dispatches received calls, names and JSON, to an object. */
public final class TypedCalls {
    private final InterfacePlan plan;
    private final Object target;
    private final Limits limits;
    private final Executor cancellations;

    /** {@code cancellations} run the callbacks of cancelled futures, which are the service's code. */
    public TypedCalls(InterfacePlan plan, Object target, Limits limits, Executor cancellations) {
        this.plan = plan;
        this.target = target;
        this.limits = limits;
        this.cancellations = cancellations;
    }

    public void call(Request request) throws Exception {
        MethodPlan method = find(request.name());
        if (method.isStream()) {
            throw new IllegalArgumentException("\"" + method + "\" is a stream method; open a stream instead");
        }
        Object result = invoke(method, request.args(), null);
        if (result instanceof CompletableFuture<?> future && method.kind() == MethodPlan.Kind.FUTURE) {
            var unused = future.whenComplete((value, thrown) -> answer(request, value, thrown));
            request.onCancel(() -> cancellations.execute(() -> future.cancel(true)));
        } else {
            request.succeed(plan.values().carried(result));
        }
    }

    /** An exception here would stay in a future that no code refers to. */
    private void answer(Request request, @Nullable Object value, @Nullable Throwable thrown) {
        if (thrown != null) {
            Throwable cause = thrown instanceof CompletionException ? Thrown.cause(thrown) : null;
            request.fail(cause == null ? thrown : cause);
            return;
        }
        try {
            request.succeed(plan.values().carried(value));
        } catch (RuntimeException | Error e) {
            request.fail(e);
        }
    }

    public ClientCalls.StreamTask stream(String name, List<@Nullable Object> args, ByteStream bytes) throws Exception {
        MethodPlan method = find(name);
        if (method.kind() == MethodPlan.Kind.SEQUENCE) {
            ItemStream items = new ItemStream(bytes, plan.values(), limits, 0);
            Sequence<?> taken = method.taken() < 0 ? null : SequenceCalls.taken(method, items);
            return SequenceCalls.answer(method, items, invoke(method, args, taken));
        }
        if (method.kind() != MethodPlan.Kind.STREAM) {
            throw new IllegalArgumentException("\"" + name + "\" is no stream method; call it instead");
        }
        Object result = invoke(method, args, null);
        WireDuplex wire = new WireDuplex(bytes);
        if (result instanceof Duplex.Handler served) {
            return () -> {
                served.serve(wire);
                wire.close();
            };
        }
        if (result instanceof Duplex duplex) {
            return () -> join(duplex, wire);
        }
        throw new IllegalStateException("\"" + name + "\" returned no stream");
    }

    public boolean takesOrGivesSequence(String name) {
        MethodPlan method = plan.method(name);
        return method != null && method.kind() == MethodPlan.Kind.SEQUENCE;
    }

    /** Copies bytes both ways until both directions have ended. */
    private static void join(Duplex service, WireDuplex wire) throws IOException, InterruptedException {
        Thread inward = new Thread(() -> carry(wire.input(), service.output(), wire, service), "auto-daemon-stream");
        inward.setDaemon(true);
        try {
            inward.start();
        } catch (Throwable t) {
            service.cancel("no thread could be made for the stream");
            throw t;
        }
        carry(service.input(), wire.output(), wire, service);
        inward.join();
        service.close();
        wire.close();
    }

    private static void carry(InputStream from, OutputStream to, Duplex wire, Duplex service) {
        try {
            byte[] buffer = new byte[64 * 1024];
            int count = from.read(buffer);
            while (count >= 0) {
                to.write(buffer, 0, count);
                to.flush();
                count = from.read(buffer);
            }
            // Only now: closing after a failure would tell the other side that all bytes have come.
            to.close();
        } catch (Throwable t) {
            // An Error, too: on this thread no other code would see it, and both sides would wait.
            String reason = Thrown.message(t);
            wire.cancel(reason);
            service.cancel(reason);
        }
    }

    private MethodPlan find(String name) {
        MethodPlan method = plan.method(name);
        if (method == null) {
            throw new IllegalArgumentException("no method \"" + name + "\"; there are: " + plan.names());
        }
        return method;
    }

    private @Nullable Object invoke(MethodPlan plan, List<@Nullable Object> given, @Nullable Sequence<?> taken)
            throws Exception {
        Method method = Objects.requireNonNull(plan.method());
        try {
            return method.invoke(target, arguments(plan, given, taken));
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            if (thrown instanceof Exception exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    private @Nullable Object[] arguments(MethodPlan plan, List<@Nullable Object> given, @Nullable Sequence<?> taken) {
        List<Type> types = plan.parameters();
        int fixed = plan.varargs() ? types.size() - 1 : types.size();
        if (given.size() < fixed || (given.size() > fixed && !plan.varargs())) {
            throw new IllegalArgumentException("\"" + plan + "\" takes " + fixed + (plan.varargs() ? " or more" : "")
                    + " arguments, " + given.size() + " were given");
        }
        @Nullable Object[] arguments = new Object[types.size()];
        int sequence = plan.kind() == MethodPlan.Kind.SEQUENCE ? plan.taken() : -1;
        for (int i = 0; i < fixed; i++) {
            arguments[i] = i == sequence ? taken : convert(plan, i, given.get(i), types.get(i));
        }
        if (plan.varargs()) {
            Class<?> element = Objects.requireNonNull(plan.method())
                    .getParameterTypes()[fixed]
                    .getComponentType();
            Object rest = Array.newInstance(element, given.size() - fixed);
            for (int i = fixed; i < given.size(); i++) {
                Array.set(rest, i - fixed, convert(plan, i, given.get(i), element));
            }
            arguments[fixed] = rest;
        }
        return arguments;
    }

    private @Nullable Object convert(MethodPlan method, int index, @Nullable Object value, Type type) {
        try {
            return plan.values().convert(value, type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "argument " + (index + 1) + " of \"" + method + "\": " + e.getMessage(), e);
        }
    }
}
