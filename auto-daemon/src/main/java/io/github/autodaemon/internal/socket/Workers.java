package io.github.autodaemon.internal.socket;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for whatever may block: as many as are busy at once. They keep no JVM alive. */
public final class Workers {
    private static final long KEEP_SECONDS = 10;

    private Workers() {}

    /** An executor that never makes a task wait for another. */
    public static Executor create() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "auto-daemon-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
