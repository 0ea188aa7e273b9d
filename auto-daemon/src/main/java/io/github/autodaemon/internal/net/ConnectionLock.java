package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A monitor without a thread of its own: of the threads that wait, one runs the loop, and the others wait for it. A
 * client that makes blocking calls therefore starts no thread, and its reply wakes nobody but itself.
 *
 * <pre>
 *   nobody pumps --pause--> this thread pumps --something happened--> nobody pumps, all waiters look again
 *   somebody pumps --pause--> wait for its signal
 *   one in the background pumps, though it need not --pause--> have it step aside, wait for its signal
 *   the one in the background --pause, while another has pumped or has wanted to--> step aside for a while
 * </pre>
 */
public final class ConnectionLock extends Monitor {
    /** Answers that come at once from which on more are expected soon. */
    private static final int MANY = 4;

    /** How many times more, though fewer come now and then. */
    private static final int EXPECTED = 8;

    private static final int TOGETHER = 16;

    /** Whoever answers one of so many has enough left to do while some requests wait to be sent. */
    private static final int PLENTY = 2 * TOGETHER;

    /** What is postponed leaves in this time, if nothing else makes it leave before. */
    public static final long SOON = 1_000_000;

    /** A millisecond, when it is rounded up. */
    private static final long BRIEFLY = 999_999;

    private final Loop loop;
    private @Nullable Thread pump;
    private @Nullable Thread background;
    private @Nullable LongSupplier yields;
    private int waiting;

    /** Whether the one in the background gives way, and another has pumped, or has wanted to, since that one stepped aside. */
    private boolean wanted;

    /** The one in the background, while it has stepped aside. */
    private volatile @Nullable Thread aside;

    /** Whether requests had not left when it was last back. Touched by no other thread. */
    private boolean hurried;

    /** Whether it is back in a millisecond. */
    private volatile boolean soon;

    /** Whether the thread that pumps has something to read, and so will take the lock before it waits again. */
    private volatile boolean reading;

    // Guarded by the lock.
    private int answers;
    private int expecting;
    private boolean brief;
    private boolean patient;
    private int postponed;

    /** A monitor for connections in {@code loop}, which nobody else runs. */
    public ConnectionLock(Loop loop) {
        this.loop = loop;
    }

    @Override
    public void signalAll() {
        super.signalAll();
        Thread running = pump;
        if (running != null && running != Thread.currentThread()) {
            loop.wakeup();
        }
    }

    @Override
    public void reading() {
        reading = true;
    }

    @Override
    public void patient() {
        patient = true;
    }

    /** Whether answers come many at once, and in a millisecond more are likely. The lock is held. */
    public boolean isExpecting() {
        return expecting > 0;
    }

    /**
     * So many answers have come at once, and so many are still awaited. The lock is held. Where those are plenty it does not
     * matter that few came: this side may have been fetched from its work for each.
     */
    public void answered(int count, int awaited) {
        answers = awaited >= PLENTY ? Math.max(MANY, count) : count;
    }

    /**
     * Whoever pumps sends, before it waits, what others have written while it read. Where many answers come at once it waits
     * a millisecond at most, and until then requests are sent several at a time: a system call for each would take most of
     * the time of a call. So does whoever has stepped aside for a millisecond.
     */
    @Override
    protected boolean isSentLater() {
        Thread self = Thread.currentThread();
        boolean soonPumped = pump == null ? soon && aside != self && expecting > 0 : brief;
        boolean later =
                pump != self && ((pump != null && reading) || (soonPumped && patient && ++postponed < TOGETHER));
        patient = false;
        if (!later) {
            postponed = 0;
        }
        return later;
    }

    /** Sends what waits to be sent, unless so many answers are awaited that more will soon leave with it. */
    public void hurry(int awaited) {
        if (awaited < TOGETHER) {
            lock();
            unlock();
        }
    }

    @Override
    public boolean pumpedByWaiters() {
        return true;
    }

    /**
     * Waits for as long as it takes, as {@link #await} does. For one thread at a time, which reads for others: what it reads
     * is for a thread that it wakes, and that may want the same processor.
     *
     * @param yields for how many nanoseconds it leaves the reading to any other thread that waits, before it looks whether one
     *     has read; 0 if it reads on. Asked with or without the lock
     */
    public void awaitInBackground(BooleanSupplier done, LongSupplier yields) throws InterruptedException {
        background = Thread.currentThread();
        wanted = false;
        this.yields = yields;
        try {
            await(done, Long.MAX_VALUE);
        } finally {
            background = null;
        }
    }

    /** Whether this thread is the one that waits in the background. The lock is held. */
    public boolean isBackground() {
        return background == Thread.currentThread();
    }

    /** Whether it gives way, and another has read, or has wanted to, since it last stepped aside. The lock is held. */
    public boolean isWanted() {
        return wanted;
    }

    /** Whoever waits in the background is to read again, if it does not give way any more. The lock need not be held. */
    public void recall() {
        LockSupport.unpark(aside);
    }

    /** The same, where it is early enough when it is back in a millisecond. */
    public void recallSoon() {
        if (!soon) {
            recall();
        }
    }

    private long givesWay() {
        LongSupplier asked = yields;
        return asked == null ? 0 : asked.getAsLong();
    }

    private void stepAside(Thread self) {
        aside = self;
        unlock();
        try {
            long nanos = hurried ? Math.min(givesWay(), SOON / 8) : givesWay();
            soon = nanos > 0 && nanos <= SOON;
            if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            soon = false;
            aside = null;
            lock();
            // Whoever wrote them sends them before it waits for an answer, and may not wait for one. This thread sends
            // them when it next gives up the lock.
            hurried = postponed > 0;
        }
    }

    @Override
    public void awaitAside(BooleanSupplier done) {
        Thread thread = new Thread(() -> waitFor(done), "auto-daemon-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void waitFor(BooleanSupplier done) {
        try {
            lockAndAwait(done, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            // Nobody has this thread to interrupt it; if somebody found it, the next waiter reads.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void pause(long nanos) throws InterruptedException {
        Thread self = Thread.currentThread();
        boolean gives = background != null && givesWay() > 0;
        if (gives && wanted && self == background) {
            wanted = false;
            stepAside(self);
            return;
        }
        // Where it reads on in any case, to fetch it from the selector again and again would do nothing else.
        wanted = gives && self != background;
        if (pump != null) {
            if (wanted && pump == background) {
                loop.wakeup();
            }
            waiting++;
            try {
                super.pause(nanos);
            } finally {
                waiting--;
            }
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pump = self;
        boolean looks = background != self;
        brief = expecting > 0;
        long wait = brief ? Math.min(nanos, BRIEFLY) : nanos;
        boolean open = true;
        unlock();
        try {
            open = loop.runOnce(wait, looks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock();
            reading = false;
            brief = false;
            expecting = answers >= MANY ? EXPECTED : answers == 0 ? 0 : Math.max(0, expecting - 1);
            answers = 0;
            pump = null;
            if (waiting > 0) {
                super.signalAll();
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!open) {
            // Whoever closed the loop ends the connection next, and tells.
            super.pause(Math.min(nanos, BRIEFLY));
        }
    }
}
