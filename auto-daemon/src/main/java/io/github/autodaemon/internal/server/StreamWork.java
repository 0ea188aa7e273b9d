package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.ByteStream;
import io.github.autodaemon.internal.rpc.Session;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream that the service is busy with, first in its turn and then on a thread of its own. Whichever runs it is
 * interrupted when the stream fails: it may be waiting for something else.
 */
final class StreamWork {
    private final Session session;
    private final ByteStream stream;

    /** Guarded by this. */
    private @Nullable Thread thread;

    StreamWork(Session session, ByteStream stream) {
        this.session = session;
        this.stream = stream;
    }

    /** Has the service begin, in its turn; null when it failed. */
    Guest.@Nullable StreamTask begin(Guest guest, String method, List<@Nullable Object> args) {
        enter();
        stream.onFailure(this::interrupt);
        try {
            return guest.stream(method, args, stream);
        } catch (Throwable t) {
            fail(t);
            return null;
        } finally {
            leave();
        }
    }

    void run(Guest.StreamTask task, AtomicInteger running) {
        enter();
        stream.onFailure(this::interrupt);
        try {
            task.run();
        } catch (Throwable t) {
            fail(t);
        } finally {
            leave();
            running.decrementAndGet();
        }
    }

    private void fail(Throwable t) {
        stream.cancel(t.getMessage() == null ? t.toString() : t.getMessage(), session.errorObject(t));
    }

    private synchronized void enter() {
        thread = Thread.currentThread();
    }

    /** After this nobody interrupts the thread on behalf of this stream. */
    private synchronized void leave() {
        thread = null;
        // The thread goes on to other work.
        Thread.interrupted();
    }

    private synchronized void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
