package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a client's connection. Its waiting threads read the connection. A client that makes one blocking call
 * after the other starts no thread, and its answers wake no thread.
 *
 * <pre>
 *   no thread reads --a thread waits--> it reads --its condition holds--> the oldest other waiter reads, or no thread
 *   a thread reads --another waits--> the waiter sleeps until its condition holds, or it has to read
 * </pre>
 *
 * <p>A future or a listener has no waiting thread. The reader thread reads for these. The reader waits like the other
 * threads, but gives way to them:
 *
 * <pre>
 *   no reader --a reason--> reads --no reason left--> rests --a reason--> reads
 *                                 --a thread waits--> aside --a millisecond in which none has waited--> reads
 *   each of them --the end of the connection--> no reader
 * </pre>
 */
public final class ConnectionLock extends Monitor {
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    /** Where so many threads wait, the reading thread sends the requests of several threads in one system call. */
    private static final int MANY = 8;

    /** So many requests of futures are worth a system call: the daemon begins with them while more are made. */
    private static final int TOGETHER = 16;

    private final Loop loop;
    private final Condition rest = newCondition();

    // Guarded by this lock.
    private @Nullable Thread reading;
    private @Nullable BooleanSupplier readingUntil;
    private int unsent;
    private @Nullable Thread reader;
    private int reasons;
    private final List<BooleanSupplier> conditions = new ArrayList<>();

    /** Whether a thread has waited since the reader last looked. */
    private boolean waited;

    private boolean over;
    private List<Runnable> last = List.of();

    /** A lock for a connection in {@code loop}, which only the threads of this lock run. */
    public ConnectionLock(Loop loop) {
        this.loop = loop;
    }

    @Override
    public boolean readByWaiters() {
        return true;
    }

    @Override
    public void signalAll() {
        super.signalAll();
        BooleanSupplier done = readingUntil;
        if (done != null && reading != Thread.currentThread() && done.getAsBoolean()) {
            loop.wakeup();
        }
    }

    @Override
    protected void pause(BooleanSupplier done, long nanos) throws InterruptedException {
        Thread self = Thread.currentThread();
        waited |= self != reader;
        if (reading != null) {
            if (reading == reader) {
                loop.wakeup();
            }
            sleep(done, nanos);
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        flush();
        unsent = 0;
        if (done.getAsBoolean()) {
            // Another thread's bytes left with this flush, and may have been what kept the condition from holding.
            return;
        }
        reading = self;
        readingUntil = done;
        boolean spins = self != reader;
        boolean open = true;
        unlock();
        try {
            open = loop.runOnce(nanos, spins);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock();
            reading = null;
            readingUntil = null;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!open) {
            // The thread that closed the loop ends the connection next, and signals the waiters.
            sleep(done, Math.min(nanos, MILLISECOND));
        }
    }

    @Override
    protected void doneWaiting() {
        if (reading == null) {
            signalOne();
        }
    }

    @Override
    protected void flushBeforeWaiting() {
        if (reading != null && waiters() >= MANY) {
            loop.wakeup();
        } else {
            flush();
        }
    }

    /**
     * The request of a future was written. It leaves together with others, as soon as sixteen are written, a thread
     * begins to wait or the reading thread waits again, or the reader is back, within a millisecond.
     */
    public void sendSoon() {
        lock();
        try {
            unsent++;
            if (unsent >= TOGETHER) {
                unsent = 0;
                flush();
            } else if (reading != null) {
                loop.wakeup();
            }
        } finally {
            unlock();
        }
    }

    /** The thread that reads now; null when none does. */
    @Nullable
    Thread reading() {
        lock();
        try {
            return reading;
        } finally {
            unlock();
        }
    }

    // The reader.

    /** There is one more reason to read, other than a thread that waits. */
    public void needed() {
        lock();
        try {
            wakeReader();
            reasons++;
        } finally {
            unlock();
        }
    }

    /** There is one reason less to read. */
    public void settled() {
        lock();
        try {
            reasons--;
            if (reasons == 0) {
                signalAll();
            }
        } finally {
            unlock();
        }
    }

    @Override
    public void readUntil(BooleanSupplier done) {
        wakeReader();
        conditions.add(done);
    }

    /** The connection is over; {@code actions} run on the reader when it has nothing more to read. The lock is held. */
    public void end(List<Runnable> actions) {
        over = true;
        if (!actions.isEmpty()) {
            last = actions;
        }
        if (reader != null || !actions.isEmpty()) {
            wakeReader();
        }
        signalAll();
    }

    /** Wakes a resting reader, or starts one. A reader that is aside comes back soon, and is not needed before. */
    private void wakeReader() {
        if (reader == null) {
            reader = new Thread(this::read, "auto-daemon-reader");
            reader.setDaemon(true);
            start(reader);
        } else if (isIdle()) {
            rest.signal();
        }
    }

    private void start(Thread thread) {
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                reader = null;
            }
        }
    }

    /** Waits until the reader has ended: a reader in a system call delays the end of the JVM. */
    public void awaitReaderGone() {
        boolean interrupted = false;
        boolean waits = true;
        while (waits) {
            try {
                waits = !lockAndAwait(() -> reader == null, Long.MAX_VALUE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isIdle() {
        if (!conditions.isEmpty()) {
            conditions.removeIf(BooleanSupplier::getAsBoolean);
        }
        return over || (reasons == 0 && conditions.isEmpty());
    }

    private void read() {
        lock();
        try {
            BooleanSupplier givesWay = () -> waited || isIdle();
            while (!over) {
                try {
                    boolean gaveWay = await(givesWay, Long.MAX_VALUE);
                    assert gaveWay;
                    while (!over && isIdle()) {
                        rest.await();
                        waited = false;
                    }
                    while (!over && waited) {
                        waited = false;
                        long left = rest.awaitNanos(MILLISECOND);
                        assert left <= MILLISECOND;
                    }
                } catch (InterruptedException e) {
                    // No caller has a reference to this thread; an interrupt of its whole group is not meant for it.
                    assert reader == Thread.currentThread();
                }
            }
        } finally {
            reader = null;
            List<Runnable> actions = last;
            last = List.of();
            signalAll();
            unlock();
            actions.forEach(Runnable::run);
        }
    }
}
