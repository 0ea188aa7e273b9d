package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream that the service serves, first in its turn and then on a thread of its own. The serving thread is
 * interrupted when the stream fails: it may be waiting for another event.
 */
final class StreamWork {
    private final Session session;
    private final ByteStream stream;
    private final @Nullable RecordedStream recorded;

    // State of the method, while it has its turn.
    private boolean begun;
    private String outcome = "answered";

    // Guarded by this.
    private @Nullable Thread thread;
    private boolean failed;

    /** {@code recorded} is the same stream, if it is recorded; else null. */
    StreamWork(Session session, ByteStream stream, @Nullable RecordedStream recorded) {
        this.session = session;
        this.stream = stream;
        this.recorded = recorded;
    }

    /** Calls the service's method, in its turn; null when the method failed, or when the stream was cancelled. */
    ClientCalls.@Nullable StreamTask begin(ClientCalls guest, String method, List<@Nullable Object> args) {
        enter();
        try {
            if (hasFailed()) {
                ended("cancelled");
                return null;
            }
            begun = true;
            return guest.stream(method, args, stream);
        } catch (Throwable t) {
            fail(t);
            return null;
        } finally {
            leave();
        }
    }

    void run(ClientCalls.StreamTask task) {
        enter();
        try {
            task.run();
            ended(hasFailed() ? "cancelled" : "ended");
        } catch (Throwable t) {
            fail(t);
        } finally {
            leave();
        }
    }

    /** True if the method was called. */
    boolean hasBegun() {
        return begun;
    }

    /** The outcome of the method's call, in a word. */
    String outcome() {
        return outcome;
    }

    void fail(Throwable t) {
        String how = hasFailed() ? "cancelled" : "failed";
        outcome = how;
        stream.cancel(Thrown.message(t), session.errorObject(t));
        ended(how);
    }

    private void ended(String how) {
        if (recorded != null) {
            recorded.ended(how);
        }
    }

    private void enter() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        stream.onFailure(this::interrupt);
    }

    /** After this no failure of this stream interrupts the thread. */
    private synchronized void leave() {
        thread = null;
        // The thread goes on to other work.
        Thread.interrupted();
    }

    private synchronized boolean hasFailed() {
        return failed;
    }

    private synchronized void interrupt() {
        failed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
