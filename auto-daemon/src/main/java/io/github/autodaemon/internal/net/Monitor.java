package io.github.autodaemon.internal.net;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one connection, and the only place where a thread waits for something to happen on it. Every change that
 * somebody may wait for is followed by {@link #signalAll()}; it wakes all waiters, and each looks again.
 *
 * <p>In a daemon another thread reads the socket, and waiting is plain waiting. A client overrides {@link #pause} so
 * that a thread that waits is the thread that reads.
 */
public class Monitor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Runnable flush;

    /** A monitor whose waiters are woken by other threads. */
    public Monitor() {}

    /** Sets what sends the bytes that were written under the lock; it runs, with the lock held, before it is given up. */
    public final void onUnlock(Runnable action) {
        flush = action;
    }

    /** Takes the lock. */
    public final void lock() {
        lock.lock();
    }

    /** Releases the lock. */
    public final void unlock() {
        try {
            if (!isSentLater()) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    private void flush() {
        Runnable action = flush;
        if (action != null && lock.getHoldCount() == 1) {
            action.run();
        }
    }

    /** Called, without the lock, by a thread that is about to read what has come. */
    public void reading() {}

    /** What is written before the lock is given up may leave a moment later, together with more. The lock is held. */
    public void patient() {}

    /**
     * Whether another thread, or this one later, takes the lock and gives it up again in a moment; then the bytes that were
     * written now leave with whatever else has been written until then. The lock is held.
     */
    protected boolean isSentLater() {
        return false;
    }

    /** Wakes all waiters. The lock is held. */
    public void signalAll() {
        changed.signalAll();
    }

    /**
     * Waits with the lock held until {@code done} says so.
     *
     * @param deadline a {@link System#nanoTime()} value, or {@link Long#MAX_VALUE} for none
     * @return false when the deadline passed first
     * @throws InterruptedException when the waiting thread is interrupted; the connection is not harmed
     */
    public final boolean await(BooleanSupplier done, long deadline) throws InterruptedException {
        if (lock.getHoldCount() != 1) {
            throw new IllegalStateException(
                    "a wait would give up one of " + lock.getHoldCount() + " holds of the lock");
        }
        if (done.getAsBoolean()) {
            return true;
        }
        // What waits to be sent may be what is waited for.
        flush();
        while (!done.getAsBoolean()) {
            long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            pause(left);
        }
        return true;
    }

    /** As {@link #await}, by a thread that does not hold the lock. */
    public final boolean lockAndAwait(BooleanSupplier done, long deadline) throws InterruptedException {
        lock();
        try {
            return await(done, deadline);
        } finally {
            unlock();
        }
    }

    /** Whether nobody sends what is queued but a thread that waits here. */
    public boolean pumpedByWaiters() {
        return false;
    }

    /**
     * Has a thread of its own wait, where nobody reads the connection but a thread that waits here. The lock is held.
     *
     * @param done what it waits for
     */
    public void awaitAside(BooleanSupplier done) {}

    /** Waits with the lock held until something changed or {@code nanos} have passed; may return early. */
    @SuppressWarnings("WaitNotInLoop") // The loop is in await.
    protected void pause(long nanos) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            changed.await();
        } else {
            long rest = changed.awaitNanos(nanos);
            assert rest <= nanos;
        }
    }
}
