package io.github.autodaemon.internal.net;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for work that may block: as many as are busy at once. They keep no JVM alive. */
public final class Workers {
    private static final long KEEP_SECONDS = 10;
    private static final int FIRST_WITH_VIRTUAL = 21;

    private Workers() {}

    /** An executor that never makes a task wait for another. */
    public static Executor create() {
        ThreadFactory factory = new ThreadFactory() {
            @Override
            public Thread newThread(Runnable task) {
                Thread thread = new Thread(task, "auto-daemon-worker");
                thread.setDaemon(true);
                return thread;
            }
        };
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /** An executor of the same kind whose threads are virtual where the JVM has them: there may be thousands of tasks. */
    public static Executor createLight() {
        if (Runtime.version().feature() < FIRST_WITH_VIRTUAL) {
            return create();
        }
        try {
            // By reflection: this is compiled for 17.
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object named = type.getMethod("name", String.class)
                    .invoke(Thread.class.getMethod("ofVirtual").invoke(null), "auto-daemon-call");
            ThreadFactory factory = (ThreadFactory) type.getMethod("factory").invoke(named);
            return task -> factory.newThread(task).start();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no virtual threads", e);
        }
    }
}
