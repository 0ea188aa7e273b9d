package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.PumpMonitor;
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

    private final PumpMonitor monitor;
    private final Session session;

    private final AtomicInteger reasons = new AtomicInteger();

    /** How many of the reasons stay for good, and do not mind who reads. */
    private final AtomicInteger listeners = new AtomicInteger();

    /** Changes with the monitor held. */
    private volatile @Nullable Thread thread;

    /** That thread, while it rests. */
    private volatile @Nullable Thread resting;

    private volatile boolean over;

    BackgroundReader(PumpMonitor monitor, Session session) {
        this.monitor = monitor;
        this.session = session;
    }

    /** Somebody wants to be told of the end. */
    void listened() {
        listeners.incrementAndGet();
        needed();
    }

    /** There is one reason more. */
    void needed() {
        // First the one and then the other, and the thread that rests, steps aside or ends looks in the other order.
        reasons.incrementAndGet();
        LockSupport.unpark(resting);
        monitor.recall();
        if (thread == null) {
            monitor.lock();
            try {
                if (thread == null && reasons.get() > 0) {
                    thread = startThread(this::read, "auto-daemon-reader");
                }
            } finally {
                monitor.unlock();
            }
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

    /** The connection is over. */
    void closed() {
        over = true;
        LockSupport.unpark(resting);
        monitor.recall();
    }

    private void read() {
        monitor.lock();
        try {
            do {
                thread = Thread.currentThread();
                do {
                    monitor.awaitInBackground(this::isIdle, this::onlyListens);
                } while (rest());
                thread = null;
            } while (!isIdle());
        } catch (InterruptedException e) {
            // Nobody has this thread to interrupt it; if somebody found it, the next waiter reads.
            Thread.currentThread().interrupt();
        } finally {
            thread = null;
            monitor.unlock();
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
        return (reasons.get() == 0 && !monitor.isExpecting()) || session.closedBecause() != null;
    }

    /** Whoever makes a blocking call reads its answer itself, and sees the end, too. */
    private boolean onlyListens() {
        int listening = listeners.get();
        return listening > 0 && reasons.get() <= listening && !over;
    }

    static Thread startThread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
