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
 * The two threads that serve a daemon, a leader and a follower. The leader reads for all connections, and runs the calls
 * itself: to hand one to another thread takes longer than most calls do. The follower looks every millisecond whether the
 * leader is still in what it was in before; then it becomes the leader and reads on, so nobody waits behind a slow call for
 * longer than two. It also keeps the time of what is done now and then: a wait with a limit takes the kernel longer than one
 * without.
 *
 * <pre>
 *   leader:   reads --something is to be run--> runs it --it was brief--> reads
 *                                                       --the follower reads on--> runs it to its end --> follower
 *   follower: sleeps --the leader runs something--> looks --the leader has run nothing for a while--> sleeps
 * </pre>
 *
 * What is written to a connection by what the leader runs leaves when the leader is about to read again, in one system call
 * for many answers; or when the follower takes over.
 *
 * <p>Where no other thread can be made the two do all that is to be done, one of them at a time, while the other reads on.
 */
final class LeaderFollowers implements FairScheduler.Threads, SocketWire.Batch {
    /** What is led. */
    interface Course {
        /**
         * Waits for something to read, and reads it.
         *
         * @param nanos how long at most
         * @return false when it is over
         */
        boolean next(long nanos) throws IOException;

        /** About once a second, on one of the two threads. */
        void tick();

        /** Makes a {@link #next} that waits return. Called by any thread. */
        void wakeup();

        /** A step, or what the leader ran, has failed; the others are still to be served. */
        void failed(Throwable thrown);

        /** It is over. Called once. */
        void over();
    }

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUIET_LOOKS = 100;
    private static final long TICK = TimeUnit.SECONDS.toNanos(1);

    /** Whoever runs many brief things one after the other looks in between what has come. */
    private static final long AT_A_STRETCH = TimeUnit.MICROSECONDS.toNanos(500);

    /** Where one thing was slow the next ones may be. */
    private static final int MISTRUSTED = 64;

    /** The time in which one thread leads. Only that thread touches its fields. */
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

    /** Odd while the leader runs something. Who makes an odd one even has led, or leads, from then on. */
    private final AtomicLong run = new AtomicLong();

    /** When {@link Course#tick} was called last. */
    private final AtomicLong ticked = new AtomicLong(System.nanoTime());

    private volatile @Nullable Term term;
    private volatile @Nullable Thread follower;
    private volatile boolean asleep;
    private volatile boolean over;

    /** The thread whose answers are collected. Who leads sets it; it ends with {@link #unsent}'s lock held. */
    private volatile @Nullable Thread collecting;

    private final Set<Runnable> unsent = new LinkedHashSet<>();

    /** What no thread could be made for. Guarded by itself. */
    private final ArrayDeque<Runnable> kept = new ArrayDeque<>();

    /** Whether there is something in it. */
    private volatile boolean keeps;

    /** {@code workers} run what is not to be run by the leader. */
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

    /** Has the leader, if this is it, run a task when it has read what there is; else a worker. */
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
     * Has {@code others} run a task. When they have no thread for it, and can make none, it is kept: for the leader, as soon
     * as there is a follower, or for a worker that can be made later.
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

    /** Tries again, once for each. */
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

    /** Returns when it is over, or somebody else leads. */
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
        try {
            return course.next(!waits ? 0 : followed ? Long.MAX_VALUE : nanosToTick());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            course.failed(e);
            return true;
        }
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

    /** Without a follower the daemon would be held up by the next slow call: nothing that a tick throws ends one. */
    private void tellOfFailure(Throwable thrown) {
        try {
            course.failed(thrown);
        } catch (RuntimeException | Error e) {
            // Out of memory, say, and the log cannot be written; the next tick may do better.
            assert e != thrown;
        }
    }

    /** Whether this thread still leads when it has run the task. */
    private boolean run(Term mine, Runnable task) {
        long number = run.get() + 1;
        mine.tasks = 0;
        // Nobody else collects: who led before has been relieved of that, by this thread.
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
            // What it left behind would make the next wait for a socket return at once, and the next.
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

    /** Returns true when this thread has to lead, false when it is over. */
    private boolean follow() {
        follower = Thread.currentThread();
        if (keeps) {
            course.wakeup();
        }
        long last = run.get();
        int quiet = 0;
        while (!over) {
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

    /** Until the leader runs something after {@code last}; it may have begun a moment ago and not have seen this. */
    private void sleep(long last) {
        asleep = true;
        while (asleep && !over && run.get() == last) {
            LockSupport.parkNanos(this, nanosToTick());
            tickIfDue();
        }
        asleep = false;
    }
}
