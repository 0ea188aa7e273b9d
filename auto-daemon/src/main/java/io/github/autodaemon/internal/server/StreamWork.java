package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.ByteStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stream that the service is busy with. Interrupted when its client is gone: it may be waiting for something else. */
final class StreamWork implements Runnable {
    private final Guest.StreamTask task;
    private final ByteStream stream;
    private final Set<StreamWork> all;

    // Guarded by this.
    private @Nullable Thread thread;
    private boolean unwanted;

    StreamWork(Guest.StreamTask task, ByteStream stream, Set<StreamWork> all) {
        this.task = task;
        this.stream = stream;
        this.all = all;
    }

    @Override
    public void run() {
        begin();
        try {
            task.run();
        } catch (Throwable t) {
            stream.cancel(t.getMessage() == null ? t.toString() : t.getMessage());
        } finally {
            end();
            all.remove(this);
        }
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
        if (unwanted) {
            Thread.currentThread().interrupt();
        }
    }

    /** After this nobody interrupts the thread on behalf of this stream. */
    private synchronized void end() {
        thread = null;
        // The thread goes on to other work.
        Thread.interrupted();
    }

    synchronized void interrupt() {
        unwanted = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
