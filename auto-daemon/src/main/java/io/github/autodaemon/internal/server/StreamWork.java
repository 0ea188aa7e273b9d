package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.ByteStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream that the service is busy with. Interrupted when the stream fails: it may be waiting for something else. */
final class StreamWork implements Runnable {
    private final Guest.StreamTask task;
    private final ByteStream stream;
    private final AtomicInteger running;
    private final @Nullable RecordedStream recorded;

    /** Guarded by this. */
    private @Nullable Thread thread;

    /** Guarded by this. */
    private boolean interrupted;

    /** {@code recorded} is the same stream, where it is recorded. */
    StreamWork(Guest.StreamTask task, ByteStream stream, AtomicInteger running, @Nullable RecordedStream recorded) {
        this.task = task;
        this.stream = stream;
        this.running = running;
        this.recorded = recorded;
    }

    @Override
    public void run() {
        begin();
        stream.onFailure(this::interrupt);
        String how = "";
        try {
            task.run();
            how = hasFailed() ? "cancelled" : "ended";
        } catch (Throwable t) {
            how = hasFailed() ? "cancelled" : "failed";
            stream.cancel(t.getMessage() == null ? t.toString() : t.getMessage());
        } finally {
            end();
            if (recorded != null) {
                recorded.ended(how);
            }
            running.decrementAndGet();
        }
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
    }

    /** After this nobody interrupts the thread on behalf of this stream. */
    private synchronized void end() {
        thread = null;
        // The thread goes on to other work.
        Thread.interrupted();
    }

    /** The action runs at once when the stream has failed, be it that it is only about to run for the first time. */
    private boolean hasFailed() {
        stream.onFailure(this::interrupt);
        synchronized (this) {
            return interrupted;
        }
    }

    private synchronized void interrupt() {
        interrupted = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
