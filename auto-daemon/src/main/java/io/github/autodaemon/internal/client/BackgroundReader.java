package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.PumpMonitor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reads a client's socket while there is a reason to and no thread waits for an answer: futures, and listeners. */
final class BackgroundReader {
    private final PumpMonitor monitor;
    private final Session session;

    private final AtomicInteger reasons = new AtomicInteger();

    /** Changes with the monitor held. */
    private volatile @Nullable Thread thread;

    BackgroundReader(PumpMonitor monitor, Session session) {
        this.monitor = monitor;
        this.session = session;
    }

    /** There is one reason more. */
    void needed() {
        // First the one and then the other, and the thread that ends looks in the other order.
        reasons.incrementAndGet();
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

    private void read() {
        monitor.lock();
        try {
            do {
                thread = Thread.currentThread();
                monitor.awaitInBackground(this::isIdle);
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

    /** In the middle of a series of calls all of them may be answered for a moment. */
    private boolean isIdle() {
        return (reasons.get() == 0 && !monitor.isExpecting()) || session.closedBecause() != null;
    }

    static Thread startThread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
