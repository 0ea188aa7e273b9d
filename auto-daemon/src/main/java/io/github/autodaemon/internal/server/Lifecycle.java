package io.github.autodaemon.internal.server;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the daemon leaves. One lock guards admission and shutdown, so a connection is either counted before the
 * decision or not admitted at all.
 *
 * <pre>
 *   STARTING --listens--> SERVING --a reason--> RETIRING --no connection, no work--> GONE
 *
 *   STARTING: the address lock is held, the service is made
 *   SERVING:  connections are admitted; the expiries run while no reference is held
 *   RETIRING: path and listener are given up, no client is admitted; existing connections go on
 *   GONE:     nothing is left to do
 * </pre>
 *
 * A reference is a connection or a {@code ref()} of the service; work is a call that runs. A connection counts from the
 * moment it is accepted, because an npm client says nothing before its first call. When the connection turns out to be
 * a probe, it leaves no trace: the time without a reference is counted from the last release of a real reference.
 */
final class Lifecycle {
    /** The states. */
    enum State {
        STARTING,
        SERVING,
        RETIRING,
        GONE
    }

    /** The callbacks of the transitions. Called with this object's lock held; the first two once each. */
    interface Actions {
        void retiring(Reason reason);

        void gone(Reason reason);

        /** Calls {@link #expire()} after so many nanoseconds. */
        void wakeAfter(long nanos);
    }

    /**
     * The daemon's use by its clients.
     *
     * @param reason why the daemon leaves; null while it does not
     * @param idleNanos how long no reference was held, in nanoseconds; 0 while one is
     * @param leavesIn nanoseconds until the daemon leaves if no client comes; less than 0 when it does not
     */
    record Usage(
            State state,
            @Nullable Reason reason,
            int references,
            int connections,
            long idleNanos,
            boolean served,
            long leavesIn) {}

    /** A daemon whose starter died before it connected leaves too, but not before other clients had time to connect. */
    private static final long FIRST_LINGER = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier clock;
    private final List<Expiry> expiries;

    /**
     * Counted without the lock, which each call would take twice. No call is overlooked: the thread that ends the last
     * call checks the state after it has counted, and the retiring thread reads the count after it has changed the
     * state.
     */
    private final AtomicInteger work = new AtomicInteger();

    private final Actions actions;

    private volatile State state = State.STARTING;
    private @Nullable Reason reason;
    private int references;
    private int connections;
    private boolean served;
    private long unreferencedSince;
    private boolean wakes;
    private long wakesAt;

    /**
     * A daemon that starts.
     *
     * @param clock nanoseconds, monotonic: a changed wall clock, or a night asleep, is not idleness
     */
    Lifecycle(LongSupplier clock, List<Expiry> expiries, Actions actions) {
        this.clock = clock;
        this.expiries = expiries;
        this.actions = actions;
    }

    /** The daemon listens; from now on it may expire. */
    synchronized void started() {
        if (state == State.STARTING) {
            state = State.SERVING;
            unreferencedSince = clock.getAsLong();
            expire();
        }
    }

    synchronized State state() {
        return state;
    }

    synchronized Usage usage() {
        long now = clock.getAsLong();
        boolean unused = references == 0 && state == State.SERVING;
        long next = Long.MAX_VALUE;
        for (Expiry expiry : expiries) {
            next = Math.min(next, left(expiry, now));
        }
        return new Usage(
                state,
                reason,
                references,
                connections,
                unused ? now - unreferencedSince : 0,
                served,
                unused && next < Long.MAX_VALUE ? Math.max(0, next) : -1);
    }

    /** Counts a new connection, unless the daemon is about to leave. */
    synchronized boolean admit() {
        if (state != State.SERVING) {
            return false;
        }
        connections++;
        references++;
        return true;
    }

    /** An admitted connection is a probe's, and no user's. */
    synchronized void probes() {
        references--;
        expire();
    }

    /** An admitted connection is a user's. */
    synchronized void serves() {
        served = true;
    }

    /** The connection is over; {@code referenced} says whether it still counted as a reference. */
    synchronized void leave(boolean referenced) {
        connections--;
        if (referenced) {
            release();
        }
        finishIfDone();
    }

    synchronized void acquire() {
        references++;
    }

    synchronized void release() {
        references--;
        served = true;
        unreferencedSince = clock.getAsLong();
        expire();
    }

    void workStarted() {
        work.incrementAndGet();
    }

    void workEnded() {
        if (work.decrementAndGet() == 0 && state == State.RETIRING) {
            finishIfDone();
        }
    }

    synchronized void retire(Reason why) {
        if (state == State.STARTING || state == State.SERVING) {
            state = State.RETIRING;
            reason = why;
            actions.retiring(why);
            finishIfDone();
        }
    }

    private synchronized void finishIfDone() {
        Reason why = reason;
        if (state == State.RETIRING && why != null && connections == 0 && work.get() == 0) {
            state = State.GONE;
            actions.gone(why);
        }
    }

    private long left(Expiry expiry, long now) {
        long patience = served ? 0 : Math.max(0, FIRST_LINGER - expiry.nanos());
        return expiry.left(unreferencedSince, now) + patience;
    }

    /**
     * Leaves if an expiry is due, else sets the timer for the next expiry. A connection may have come between the
     * moment the timer fired and now; then no expiry is due.
     */
    synchronized void expire() {
        long now = clock.getAsLong();
        if (wakes && wakesAt - now <= 0) {
            wakes = false;
        }
        if (state != State.SERVING || references > 0) {
            return;
        }
        long next = Long.MAX_VALUE;
        for (Expiry expiry : expiries) {
            long left = left(expiry, now);
            if (left <= 0) {
                retire(expiry.reason());
                return;
            }
            next = Math.min(next, left);
        }
        // One timer at a time, however often clients come and go; a timer that fires early checks again.
        if (next < Long.MAX_VALUE && (!wakes || now + next - wakesAt < 0)) {
            wakes = true;
            wakesAt = now + next;
            actions.wakeAfter(next);
        }
    }
}
