package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.ByteStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream that the service is busy with. Interrupted when the stream fails: it may be waiting for something else. */
final class StreamWork implements Runnable {
    private final Guest.StreamTask task;
    private final ByteStream stream;
    private final AtomicInteger running;

    /** Guarded by this. */
    private @Nullable Thread thread;

    StreamWork(Guest.StreamTask task, ByteStream stream, AtomicInteger running) {
        this.task = task;
        this.stream = stream;
        this.running = running;
    }

    @Override
    public void run() {
        begin();
        stream.onFailure(this::interrupt);
        try {
            task.run();
        } catch (Throwable t) {
            stream.cancel(t.getMessage() == null ? t.toString() : t.getMessage());
        } finally {
            end();
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

    private synchronized void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
