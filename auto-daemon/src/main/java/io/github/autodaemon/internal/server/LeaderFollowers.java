package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.net.SocketWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The two threads that serve a daemon, a leader and a follower. The leader reads for all connections, and runs the
 * calls itself: handing a call to another thread takes longer than most calls. The follower checks every millisecond
 * whether the leader is still in the same call; then the follower becomes the leader and reads on, so head-of-line
 * blocking by a slow call lasts two milliseconds at most. The follower also runs the periodic tick: a wait with a
 * timeout takes the kernel longer than one without.
 *
 * <pre>
 *   leader:   reads --a task is to be run--> runs it --it was brief--> reads
 *                                                       --the follower reads on--> runs it to its end --> follower
 *   follower: sleeps --the leader runs a task--> looks --the leader has run no task for a while--> sleeps
 * </pre>
 *
 * Answers that the leader's tasks write to a connection leave when the leader is about to read again, in one system
 * call for many answers; or when the follower takes over.
 *
 * <p>If no other thread can be made, the two threads run all tasks, one of them at a time, while the other reads on.
 */
final class LeaderFollowers implements FairScheduler.Threads, SocketWire.Batch {
    /** The event loop that the leader runs. */
    interface Course {
        /**
         * Waits for input, and reads it.
         *
         * @param nanos the timeout in nanoseconds
         * @return false when the loop is over
         */
        boolean next(long nanos) throws IOException;

        /** About once a second, on one of the two threads. */
        void tick();

        /** Makes a waiting {@link #next} return. Called by any thread. */
        void wakeup();

        /** A step, or a task of the leader, has failed; the other clients are still to be served. */
        void failed(Throwable thrown);

        /** The loop is over. Called once. */
        void over();
    }

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUIET_LOOKS = 100;
    private static final long TICK = TimeUnit.SECONDS.toNanos(1);

    /** A leader that runs many brief tasks in a row reads the input after this time. */
    private static final long AT_A_STRETCH = TimeUnit.MICROSECONDS.toNanos(500);

    /** So many tasks go to workers after a slow one: the next tasks may be slow, too. */
    private static final int MISTRUSTED = 64;

    /** The time in which one thread leads. Only that thread accesses the fields. */
    private static final class Term {
        final Thread leader = Thread.currentThread();
        int mistrusted;

        @Nullable
        Runnable next;

        /** When the first of the tasks that run one after the other was over. */
        long began;

        int tasks;

        Term(int mistrusted) {
            this.mistrusted = mistrusted;
        }
    }

    private final Executor workers;
    private final Course course;

    /**
     * Odd while the leader runs a task. The thread that makes an odd value even leads from then on: the leader goes on,
     * or the follower takes over.
     */
    private final AtomicLong run = new AtomicLong();

    /** When {@link Course#tick} was called last. */
    private final AtomicLong ticked = new AtomicLong(System.nanoTime());

    private volatile @Nullable Term term;
    private volatile @Nullable Thread follower;
    private volatile boolean asleep;
    private volatile boolean over;

    /** The thread whose answers are collected. The leader sets it; it is cleared with {@link #unsent}'s lock held. */
    private volatile @Nullable Thread collecting;

    private final Set<Runnable> unsent = new LinkedHashSet<>();

    /** The tasks for which no thread could be made. Guarded by itself. */
    private final ArrayDeque<Runnable> kept = new ArrayDeque<>();

    /** True if {@code kept} has tasks. */
    private volatile boolean keeps;

    /** {@code workers} run the tasks that the leader must not run. */
    LeaderFollowers(Executor workers, Course course) {
        this.workers = workers;
        this.course = course;
    }

    /** Starts the threads, which keep the process alive unless they are {@code daemon} threads. */
    void start(boolean daemon) {
        start(true, daemon);
        start(false, daemon);
    }

    private void start(boolean first, boolean daemon) {
        Thread thread = new Thread("auto-daemon-server") {
            @Override
            public void run() {
                serve(first);
            }
        };
        thread.setDaemon(daemon);
        thread.start();
    }

    /**
     * If the current thread is the leader, it runs the task when it has read the available input; else a worker runs
     * the task.
     */
    @Override
    public void execute(Runnable task) {
        Term now = term;
        if (now == null || now.leader != Thread.currentThread()) {
            execute(workers, task);
        } else if (now.next != null || follower == null || now.mistrusted > 0) {
            now.mistrusted--;
            execute(workers, task);
        } else {
            now.next = task;
        }
    }

    /**
     * Runs a task on {@code others}. When they have no thread for it, and can make none, the task is kept: for the
     * leader, as soon as there is a follower, or for a worker that can be made later.
     */
    void execute(Executor others, Runnable task) {
        try {
            others.execute(task);
        } catch (RuntimeException | Error e) {
            boolean told;
            synchronized (kept) {
                told = keeps;
                kept.add(task);
                keeps = true;
            }
            if (!told) {
                tellOfFailure(e);
            }
            course.wakeup();
        }
    }

    private @Nullable Runnable takeKept() {
        synchronized (kept) {
            Runnable task = kept.poll();
            keeps = !kept.isEmpty();
            return task;
        }
    }

    /** Tries again to run each kept task, once. */
    private void retry() {
        int most;
        synchronized (kept) {
            most = kept.size();
        }
        for (int i = 0; i < most; i++) {
            Runnable task = takeKept();
            if (task != null) {
                execute(workers, task);
            }
        }
    }

    private boolean mayRunKept() {
        return keeps && follower != null;
    }

    @Override
    public boolean yieldPoint() {
        Term now = term;
        if (now == null || now.leader != Thread.currentThread()) {
            return false;
        }
        long time = System.nanoTime();
        now.tasks++;
        if (now.tasks == 1) {
            now.began = time;
        }
        return time - now.began > AT_A_STRETCH;
    }

    private void serve(boolean first) {
        boolean leads = first;
        int mistrusted = first ? 0 : MISTRUSTED;
        while (!over) {
            if (leads) {
                leads = false;
                lead(new Term(mistrusted));
                mistrusted = MISTRUSTED;
            } else {
                leads = follow();
            }
        }
    }

    /** Returns when the loop is over, or another thread leads. */
    private void lead(Term mine) {
        boolean leads = true;
        term = mine;
        try {
            while (leads && next(mine.next == null && !mayRunKept())) {
                Runnable next = mine.next;
                mine.next = null;
                if (next == null && mayRunKept()) {
                    next = takeKept();
                }
                if (next != null) {
                    leads = run(mine, next);
                }
            }
        } finally {
            if (leads) {
                over = true;
                LockSupport.unpark(follower);
                course.over();
            }
        }
        Runnable left = mine.next;
        if (left != null) {
            execute(workers, left);
        }
    }

    private boolean next(boolean waits) {
        boolean followed = follower != null;
        if (!followed) {
            tickIfDue();
        }
        forgetInterrupt();
        try {
            return course.next(!waits ? 0 : followed ? Long.MAX_VALUE : nanosToTick());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            course.failed(e);
            return true;
        }
    }

    /** A service may interrupt a thread that has left it. With the flag set no wait waits. */
    private static void forgetInterrupt() {
        Thread.interrupted();
    }

    private long nanosToTick() {
        return Math.max(0, ticked.get() + TICK - System.nanoTime());
    }

    private void tickIfDue() {
        long last = ticked.get();
        long now = System.nanoTime();
        if (now - last >= TICK && ticked.compareAndSet(last, now)) {
            try {
                course.tick();
            } catch (RuntimeException | Error e) {
                tellOfFailure(e);
            }
            if (keeps) {
                retry();
            }
        }
    }

    /** Without a follower the next slow call would block the daemon: no exception of a tick ends the follower. */
    private void tellOfFailure(Throwable thrown) {
        try {
            course.failed(thrown);
        } catch (RuntimeException | Error e) {
            // Out of memory, say, and the log cannot be written; the next tick may do better.
            assert e != thrown;
        }
    }

    /** Runs the task; returns whether this thread still leads. */
    private boolean run(Term mine, Runnable task) {
        long number = run.get() + 1;
        mine.tasks = 0;
        // No other thread collects: this thread has taken over collecting from the previous leader.
        collecting = mine.leader;
        run.set(number);
        if (asleep) {
            asleep = false;
            LockSupport.unpark(follower);
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            course.failed(e);
        } finally {
            // A remaining interrupt would make every further wait for a socket return at once.
            Thread.interrupted();
            sendWhatIsCollectedFor(mine.leader);
        }
        return run.compareAndSet(number, number + 1);
    }

    @Override
    public boolean add(Runnable send) {
        if (collecting != Thread.currentThread()) {
            return false;
        }
        synchronized (unsent) {
            boolean collects = collecting == Thread.currentThread();
            if (collects) {
                unsent.add(send);
            }
            return collects;
        }
    }

    private void sendWhatIsCollectedFor(Thread thread) {
        List<Runnable> all;
        synchronized (unsent) {
            if (collecting != thread) {
                return;
            }
            collecting = null;
            all = List.copyOf(unsent);
            unsent.clear();
        }
        for (Runnable send : all) {
            try {
                send.run();
            } catch (RuntimeException | Error e) {
                // The end of one connection may fail, for want of a thread say; the answers of the others leave all the
                // same.
                tellOfFailure(e);
            }
        }
    }

    /** Returns true when this thread has to lead, false when the loop is over. */
    private boolean follow() {
        follower = Thread.currentThread();
        if (keeps) {
            course.wakeup();
        }
        long last = run.get();
        int quiet = 0;
        while (!over) {
            forgetInterrupt();
            LockSupport.parkNanos(this, LOOK);
            tickIfDue();
            long now = run.get();
            if (now != last) {
                last = now;
                quiet = 0;
            } else if ((now & 1) == 1) {
                Term slow = term;
                follower = null;
                if (slow != null && run.compareAndSet(now, now + 1)) {
                    sendWhatIsCollectedFor(slow.leader);
                    return true;
                }
                follower = Thread.currentThread();
            } else if (++quiet == QUIET_LOOKS) {
                quiet = 0;
                sleep(now);
            }
        }
        return false;
    }

    /**
     * Sleeps until the leader runs a task after {@code last}; the leader may have begun a moment ago without seeing
     * this thread asleep.
     */
    private void sleep(long last) {
        asleep = true;
        while (asleep && !over && run.get() == last) {
            forgetInterrupt();
            LockSupport.parkNanos(this, nanosToTick());
            tickIfDue();
        }
        asleep = false;
    }
}
