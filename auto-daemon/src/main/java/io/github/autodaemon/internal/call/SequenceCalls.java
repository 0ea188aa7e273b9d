package io.github.autodaemon.internal.call;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.CallTimeoutException;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.json.Values;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ClientCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Methods that take or return a {@link Sequence}. A separate class, because few commands need it. */
final class SequenceCalls {
    private SequenceCalls() {}

    /** Calls a method with a sequence in the daemon. */
    static @Nullable Object call(
            MethodPlan method, List<@Nullable Object> given, ClientSession session, Values values, long timeoutMillis)
            throws IOException, InterruptedException {
        if (!method.returnsSequence()) {
            session.refuseNested();
        }
        long deadline = ClientSession.deadline(timeoutMillis);
        List<@Nullable Object> args = new ArrayList<>(given);
        Sequence<?> taken = null;
        if (method.taken() >= 0) {
            if (!(args.set(method.taken(), null) instanceof Sequence<?> sequence)) {
                throw new IllegalArgumentException("argument " + (method.taken() + 1) + " is null");
            }
            taken = sequence;
        }
        ByteStream stream = session.open(method.name(), values.carried(args), deadline);
        if (stream == null) {
            throw new CallTimeoutException(method.name(), timeoutMillis);
        }
        if (!method.returnsSequence()) {
            // The timeout is for the whole call.
            ItemStream items = new ItemStream(stream, values, session.limits(), 0);
            if (timeoutMillis == 0) {
                return result(method, items, taken, 0);
            }
            CompletableFuture<?> inTime = items.endIn(Math.max(0, deadline - System.nanoTime()));
            try {
                return result(method, items, taken, timeoutMillis);
            } finally {
                inTime.complete(null);
            }
        }
        ItemStream items = new ItemStream(stream, values, session.limits(), timeoutMillis);
        if (taken != null) {
            Sequence<?> all = taken;
            Thread sender = new Thread(() -> sendAside(items, all), "auto-daemon-sequence");
            sender.setDaemon(true);
            boolean sends = false;
            try {
                sender.start();
                sends = true;
            } finally {
                if (!sends) {
                    stream.cancel("the caller could make no thread that sends its sequence");
                }
            }
        }
        return new IncomingSequence<>(method.name(), items, method.result(), false, timeoutMillis);
    }

    private static void sendAside(ItemStream items, Sequence<?> all) {
        try (all) {
            items.writeAll(all);
        } catch (Throwable t) {
            // This has no effect when the other side has already ended the stream.
            items.bytes().cancel("the caller's sequence failed: " + Thrown.message(t));
        }
    }

    /** The result is the only value that comes back. */
    private static @Nullable Object result(
            MethodPlan method, ItemStream items, @Nullable Sequence<?> taken, long timeoutMillis) throws IOException {
        boolean done = false;
        try {
            send(items, taken);
            String line = items.line();
            if (line == null) {
                throw new AutoDaemonException("\"" + method + "\" ended without a result");
            }
            Object value = items.value(line, method.result());
            done = true;
            return value;
        } catch (InterruptedIOException e) {
            throw new AutoDaemonException(
                    "interrupted during the call of \"" + method
                            + "\", which may have run, and was cancelled; the connection goes on",
                    e);
        } catch (IOException e) {
            if (items.isTimedOut()) {
                throw new CallTimeoutException(method.name(), timeoutMillis);
            }
            throw IncomingSequence.failure(method.name(), e);
        } catch (IllegalArgumentException e) {
            throw new AutoDaemonException("the result of \"" + method + "\" does not fit: " + e.getMessage(), e);
        } finally {
            if (done) {
                new WireDuplex(items.bytes()).close();
            } else {
                items.bytes().cancel("the caller has stopped");
            }
        }
    }

    private static void send(ItemStream items, @Nullable Sequence<?> taken) throws IOException {
        boolean sent = false;
        try (taken) {
            if (taken != null) {
                items.writeAll(taken);
            }
            sent = true;
        } catch (IOException e) {
            // The method may have stopped reading; then its result or exception can be read.
            if (e instanceof InterruptedIOException) {
                throw e;
            }
            sent = true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AutoDaemonException("the caller's sequence failed: " + e.getMessage(), e);
        } finally {
            if (!sent) {
                items.bytes().cancel("the caller's sequence failed");
            }
        }
    }

    /** The caller's sequence, as the service's method gets it. */
    static Sequence<?> taken(MethodPlan method, ItemStream items) {
        return new IncomingSequence<>(method.name(), items, method.item(method.taken()), true, 0);
    }

    /** Sends back the result of a method with a sequence. */
    static ClientCalls.StreamTask answer(MethodPlan method, ItemStream items, @Nullable Object result) {
        if (!method.returnsSequence()) {
            return () -> {
                items.write(result);
                items.bytes().close();
            };
        }
        if (result instanceof Sequence<?> sequence) {
            return () -> {
                try (sequence) {
                    items.writeAll(sequence);
                    items.bytes().close();
                }
            };
        }
        throw new IllegalStateException("\"" + method + "\" returned no sequence");
    }
}
