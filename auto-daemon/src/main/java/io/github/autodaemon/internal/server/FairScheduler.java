package io.github.autodaemon.internal.server;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks from many queues, at most so many at a time (one, for a serial service), taking one task from each queue
 * in turn: a client with a thousand queued tasks does not starve a client with one.
 */
final class FairScheduler {
    /** The threads that run the tasks. */
    interface Threads extends Executor {
        /**
         * Called between two tasks by the running thread, when more tasks are known to wait.
         *
         * @return whether the thread should first return to its caller, and run the task later
         */
        default boolean yieldPoint() {
            return false;
        }
    }

    private final int permits;
    private final Threads threads;
    private final Consumer<Throwable> failures;
    private final ArrayDeque<Queue> ready = new ArrayDeque<>();
    private final Runnable worker = new Runnable() {
        @Override
        public void run() {
            work();
        }
    };
    private int running;

    FairScheduler(int permits, Threads threads, Consumer<Throwable> failures) {
        this.permits = permits;
        this.threads = threads;
        this.failures = failures;
    }

    Queue queue() {
        return new Queue();
    }

    /** The tasks of one connection. The tasks start in order; the second does not start before the first is over. */
    final class Queue implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean first = true;
        private boolean listed;
        private boolean paused;
        private boolean closed;

        @Override
        public void execute(Runnable task) {
            put(task);
        }

        /** As {@link #execute}; returns how many tasks wait now. */
        int put(Runnable task) {
            boolean start = false;
            int size;
            synchronized (FairScheduler.this) {
                if (!closed) {
                    start = add(task);
                }
                size = tasks.size();
            }
            startIf(start);
            return size;
        }

        /** Drops tasks that have not started and takes no more, except one last task. */
        void closeWith(Runnable last) {
            boolean start;
            synchronized (FairScheduler.this) {
                closed = true;
                paused = false;
                tasks.clear();
                start = add(last);
            }
            startIf(start);
        }

        private boolean add(Runnable task) {
            tasks.add(task);
            return list();
        }

        /** Lists the queue as ready; returns whether a thread has to be started. */
        private boolean list() {
            if (!listed && !paused && !tasks.isEmpty()) {
                listed = true;
                ready.add(this);
            }
            // Also for tasks for which no thread could be started before.
            return !ready.isEmpty() && running < permits && ++running > 0;
        }

        /** Pauses the queue, or resumes it. Tasks that were put in meanwhile are kept. */
        void pause(boolean on) {
            boolean start;
            synchronized (FairScheduler.this) {
                paused = on && !closed;
                start = list();
            }
            startIf(start);
        }

        private void startIf(boolean start) {
            if (start) {
                start();
            }
        }

        int size() {
            synchronized (FairScheduler.this) {
                return tasks.size();
            }
        }

        /** Drops tasks that have not started and takes no more; a last task that was given before is kept. */
        void close() {
            synchronized (FairScheduler.this) {
                if (!closed) {
                    closed = true;
                    tasks.clear();
                }
            }
        }
    }

    /** Starts a worker that is already counted as running; undoes the count if the start fails. */
    private void start() {
        boolean started = false;
        try {
            threads.execute(worker);
            started = true;
        } finally {
            if (!started) {
                synchronized (this) {
                    running--;
                }
            }
        }
    }

    private void work() {
        Queue done = null;
        boolean more = false;
        while (true) {
            boolean comesBack = more && threads.yieldPoint();
            Runnable task;
            synchronized (this) {
                relist(done);
                done = null;
                Queue queue = comesBack ? ready.peek() : ready.poll();
                if (queue == null) {
                    running--;
                    return;
                }
                if (comesBack) {
                    start();
                    return;
                }
                if (queue.paused) {
                    queue.listed = false;
                    continue;
                }
                task = queue.tasks.poll();
                if (queue.first) {
                    // The queue stays unlisted but marked as listed, so that no other task of the queue starts
                    // meanwhile.
                    queue.first = false;
                    done = queue;
                } else {
                    relist(queue);
                }
                more = done != null || !ready.isEmpty();
            }
            if (task != null) {
                run(task);
            }
        }
    }

    /** The service's code for a leaving client, or in its own turn, may throw; the turn goes on with the next task. */
    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            tellOf(t);
        }
    }

    private void tellOf(Throwable thrown) {
        try {
            failures.accept(thrown);
        } catch (RuntimeException | Error e) {
            // Out of memory, say, and the log cannot be written; the waiting tasks are still to be run.
            assert e != thrown;
        }
    }

    private void relist(@Nullable Queue queue) {
        if (queue == null) {
            return;
        }
        if (queue.tasks.isEmpty() || queue.paused) {
            queue.listed = false;
        } else {
            ready.add(queue);
            // Another thread may have found no task and left while this queue was kept back.
            if (running < permits) {
                running++;
                start();
            }
        }
    }
}
