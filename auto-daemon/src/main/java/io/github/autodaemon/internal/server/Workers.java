package io.github.autodaemon.internal.server;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for calls, stream handlers and long messages; as many as are busy at once. They keep no JVM alive. */
final class Workers {
    private static final long KEEP_SECONDS = 10;

    private Workers() {}

    static Executor create() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "auto-daemon-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
