package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.net.ConnectionLock;
import io.github.autodaemon.internal.rpc.Session;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's socket while there is a reason to and no thread waits for an answer: futures, and listeners. Between two
 * reasons its thread rests for a while: to start one takes longer than ten calls do.
 *
 * <pre>
 *   no thread --needed--> reads --no reason left--> rests --needed--> reads
 *                               --the end--> no thread    --a second passes, or the end--> no thread
 * </pre>
 */
final class BackgroundReader {
    private static final long REST = TimeUnit.SECONDS.toNanos(1);

    /** For how long it leaves the reading to others where it only listens; it sees an end twice as much later at most. */
    private static final long ASIDE = TimeUnit.MILLISECONDS.toNanos(10);

    private final ConnectionLock monitor;
    private final Session session;

    private final AtomicInteger reasons = new AtomicInteger();

    /** How many of the reasons stay for good, and do not mind who reads. */
    private final AtomicInteger listeners = new AtomicInteger();

    /** How many futures are outstanding that something continues: what they are for is not to wait. */
    private final AtomicInteger continued = new AtomicInteger();

    /** Whether there was a new reason since it last looked. */
    private volatile boolean recent;

    /** Whether there had been one when it last looked. Changes with the monitor held. */
    private volatile boolean lately;

    /** Changes with the monitor held. */
    private volatile @Nullable Thread thread;

    /** That thread, while it rests. */
    private volatile @Nullable Thread resting;

    private volatile boolean over;

    /** What is to be done at the end. Guarded by the monitor. */
    private List<Runnable> last = List.of();

    BackgroundReader(ConnectionLock monitor, Session session) {
        this.monitor = monitor;
        this.session = session;
    }

    /** Somebody wants to be told of the end. */
    void listened() {
        needed();
        listeners.incrementAndGet();
    }

    /** There is one reason more. */
    void needed() {
        // First the one and then the other, and the thread that rests, steps aside or ends looks in the other order.
        reasons.incrementAndGet();
        if (!recent) {
            recent = true;
        }
        LockSupport.unpark(resting);
        monitor.recallSoon();
        if (thread == null) {
            monitor.lock();
            try {
                if (thread == null && reasons.get() > 0) {
                    thread = startThread(this::read, "auto-daemon-reader");
                }
            } catch (RuntimeException | Error e) {
                // Whoever has this reason is told that there is no thread, and gives it up.
                reasons.decrementAndGet();
                throw e;
            } finally {
                monitor.unlock();
            }
        }
    }

    /** Something continues one future more, or, with -1, one less. */
    void continued(int more) {
        continued.addAndGet(more);
        if (more > 0) {
            monitor.recall();
        }
    }

    /** How many there are. */
    int reasons() {
        return reasons.get();
    }

    /** There is one less. */
    void settled() {
        if (reasons.decrementAndGet() == 0) {
            monitor.lock();
            try {
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }
    }

    /** The connection is over; {@code actions} run on its thread when it has nothing more to read. The monitor is held. */
    void closed(List<Runnable> actions) {
        over = true;
        last = actions;
        if (thread == null && !actions.isEmpty()) {
            thread = startThread(this::read, "auto-daemon-reader");
        }
        LockSupport.unpark(resting);
        monitor.recall();
    }

    private void read() {
        monitor.lock();
        try {
            do {
                thread = Thread.currentThread();
                do {
                    monitor.awaitInBackground(this::isIdle, this::givesWay);
                } while (rest());
                thread = null;
            } while (!isIdle());
        } catch (InterruptedException e) {
            // Nobody has this thread to interrupt it; if somebody found it, the next waiter reads.
            Thread.currentThread().interrupt();
        } finally {
            thread = null;
            List<Runnable> actions = last;
            last = List.of();
            monitor.unlock();
            actions.forEach(Runnable::run);
        }
    }

    /** Without the lock; whether there is a reason again. */
    private boolean rest() {
        Thread self = Thread.currentThread();
        monitor.unlock();
        try {
            resting = self;
            long until = System.nanoTime() + REST;
            long left = REST;
            while (left > 0 && reasons.get() == 0 && !over && !self.isInterrupted()) {
                LockSupport.parkNanos(this, left);
                left = until - System.nanoTime();
            }
        } finally {
            resting = null;
            monitor.lock();
        }
        return !isIdle();
    }

    /** In the middle of a series of calls all of them may be answered for a moment. */
    private boolean isIdle() {
        lately = recent;
        recent = false;
        boolean again = monitor.isExpecting() || (lately && monitor.isWanted());
        return (reasons.get() == 0 && !again) || session.closedBecause() != null;
    }

    /**
     * Whoever waits for an answer reads it itself, and sees the end, too. What continues a future is not to wait for long behind
     * another's answer, so then it reads on; and not all that continues one shows, so with any future it is soon back.
     */
    private long givesWay() {
        if (over || continued.get() > 0) {
            return 0;
        }
        return lately || reasons.get() > listeners.get() ? ConnectionLock.SOON : ASIDE;
    }

    static Thread startThread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
