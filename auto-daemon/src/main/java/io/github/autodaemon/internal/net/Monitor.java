package io.github.autodaemon.internal.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one connection, and the only place where a thread waits for an event on it. Every change that a thread
 * may wait for is followed by {@link #signalAll()}, which wakes each waiter whose condition holds, and no other waiter.
 *
 * <p>In a daemon another thread reads the socket, and a waiter only sleeps. In a client's {@link ConnectionLock} the
 * waiting threads read.
 */
public class Monitor {
    /** A thread that sleeps until its condition holds. */
    private static final class Waiter {
        final BooleanSupplier done;
        final Condition woken;
        boolean signalled;

        Waiter(BooleanSupplier done, Condition woken) {
            this.done = done;
            this.woken = woken;
        }

        void signal() {
            signalled = true;
            woken.signal();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();

    /** Oldest first. */
    private final List<Waiter> waiters = new ArrayList<>();

    private @Nullable Runnable flush;

    /** A monitor whose waiters are woken by other threads. */
    public Monitor() {}

    /** Sets the action that sends the written bytes; it runs with the lock held. */
    final void flushesBy(Runnable action) {
        flush = action;
    }

    /** Takes the lock. */
    public final void lock() {
        lock.lock();
    }

    /** Releases the lock. */
    public final void unlock() {
        lock.unlock();
    }

    final void flush() {
        Runnable action = flush;
        if (action != null) {
            action.run();
        }
    }

    /** Wakes all waiters whose condition holds. The lock is held. */
    public void signalAll() {
        for (int i = 0; i < waiters.size(); i++) {
            Waiter waiter = waiters.get(i);
            if (!waiter.signalled && waiter.done.getAsBoolean()) {
                waiter.signal();
            }
        }
    }

    /** Wakes the oldest waiter, whatever its condition. */
    final void signalOne() {
        for (int i = 0; i < waiters.size(); i++) {
            Waiter waiter = waiters.get(i);
            if (!waiter.signalled) {
                waiter.signal();
                return;
            }
        }
    }

    final Condition newCondition() {
        return lock.newCondition();
    }

    /**
     * Sends the written bytes, and waits with the lock held until {@code done} returns true.
     *
     * @param done evaluated with the lock held, by any thread
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
        // The awaited event may depend on the bytes that wait to be sent.
        flushBeforeWaiting();
        try {
            while (!done.getAsBoolean()) {
                long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                pause(done, left);
            }
            return true;
        } finally {
            doneWaiting();
        }
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

    /** Whether only a thread that waits here reads and sends. */
    public boolean readByWaiters() {
        return false;
    }

    /**
     * Has the reader thread read until {@code done}, where otherwise only a thread that waits here reads the
     * connection. The lock is held.
     */
    public void readUntil(BooleanSupplier done) {}

    /** Waits with the lock held until {@code done} may hold or {@code nanos} have passed; may return early. */
    protected void pause(BooleanSupplier done, long nanos) throws InterruptedException {
        sleep(done, nanos);
    }

    /** Sends the written bytes, or has another thread send them. The lock is held. */
    protected void flushBeforeWaiting() {
        flush();
    }

    /** How many threads sleep. The lock is held. */
    final int waiters() {
        return waiters.size();
    }

    /** The current thread ends its wait. The lock is held. */
    protected void doneWaiting() {}

    /** Sleeps until another thread wakes this one, or {@code nanos} have passed. The lock is held. */
    @SuppressWarnings("WaitNotInLoop") // The loop is in await.
    final void sleep(BooleanSupplier done, long nanos) throws InterruptedException {
        Waiter waiter = new Waiter(done, lock.newCondition());
        waiters.add(waiter);
        try {
            if (nanos == Long.MAX_VALUE) {
                waiter.woken.await();
            } else {
                long rest = waiter.woken.awaitNanos(nanos);
                assert rest <= nanos;
            }
        } finally {
            waiters.remove(waiter);
        }
    }
}
