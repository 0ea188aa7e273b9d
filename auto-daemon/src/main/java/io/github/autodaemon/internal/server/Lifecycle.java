package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.socket.Loop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the daemon leaves. One lock guards admission and departure, so a connection is either counted before the decision
 * or not admitted at all.
 *
 * <pre>
 *   SERVING --retire(reason)--> RETIRING --no connection, no work--> GONE
 *
 *   SERVING:  connections are admitted; with autoclose, a timer runs while no reference is held
 *   RETIRING: path and listener are given up, nobody is admitted; existing connections go on
 *   GONE:     nothing is left to do
 * </pre>
 *
 * A reference is a connection or what a service took with {@code ref()}; work is a call that runs.
 */
final class Lifecycle {
    /** The states. */
    enum State {
        SERVING,
        RETIRING,
        GONE
    }

    /** What happens at the transitions. Called with this object's lock held, once each. */
    interface Actions {
        void retiring(String reason);

        void gone();
    }

    /** A daemon whose starter died before it connected leaves too, but not before others had time to come. */
    private static final long FIRST_LINGER = TimeUnit.SECONDS.toNanos(10);

    private final Loop loop;
    private final boolean autoClose;
    private final long linger;
    private final Actions actions;

    private State state = State.SERVING;
    private String reason = "";
    private int references;
    private int connections;
    private int work;
    private Loop.@Nullable Timer timer;

    Lifecycle(Loop loop, boolean autoClose, long linger, Actions actions) {
        this.loop = loop;
        this.autoClose = autoClose;
        this.linger = linger;
        this.actions = actions;
    }

    /** The daemon is ready; from now on it may find that nobody needs it. */
    synchronized void started() {
        if (references == 0) {
            startTimer(Math.max(linger, FIRST_LINGER));
        }
    }

    synchronized State state() {
        return state;
    }

    synchronized String reason() {
        return reason;
    }

    /** Counts a new connection, unless the daemon is about to leave. */
    synchronized boolean admit() {
        if (state != State.SERVING) {
            return false;
        }
        connections++;
        acquire();
        return true;
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
        stopTimer();
    }

    synchronized void release() {
        references--;
        if (references == 0) {
            startTimer(linger);
        }
    }

    synchronized void workStarted() {
        work++;
    }

    synchronized void workEnded() {
        work--;
        finishIfDone();
    }

    synchronized void retire(String why) {
        if (state == State.SERVING) {
            state = State.RETIRING;
            reason = why;
            stopTimer();
            actions.retiring(why);
            finishIfDone();
        }
    }

    private void finishIfDone() {
        if (state == State.RETIRING && connections == 0 && work == 0) {
            state = State.GONE;
            actions.gone();
        }
    }

    private void startTimer(long nanos) {
        if (autoClose && state == State.SERVING) {
            stopTimer();
            timer = loop.after(nanos, this::lingerOver);
        }
    }

    private void stopTimer() {
        Loop.Timer running = timer;
        if (running != null) {
            running.cancel();
            timer = null;
        }
    }

    /** A connection may have come between the moment the timer was due and now. */
    private synchronized void lingerOver() {
        if (references == 0) {
            retire("no reference is held any more");
        }
    }
}
