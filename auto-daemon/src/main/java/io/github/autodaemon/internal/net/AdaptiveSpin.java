package io.github.autodaemon.internal.net;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether a waiting thread polls for a moment before it sleeps. A wake-up on an idle processor takes several
 * times as long as a call, and no less work; polling for an event that does not come is wasted work. So the thread
 * polls where the earlier waits would have ended within that moment.
 *
 * <pre>
 *   sleeps --as many short sleeps as are needed--> looks first
 *   looks first --an event was found--> looks first, and half as many are needed the next time
 *               --another thread ran on this processor meanwhile--> sleeps, and twice as many are needed
 *               --no event was found--> sleeps, and four times as many are needed
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class AdaptiveSpin {
    /** About the work of a few wake-ups. */
    static final long MOMENT = TimeUnit.MICROSECONDS.toNanos(100);

    /** Two looks, the second included, take half of this time, unless another thread runs on this processor. */
    private static final long ALONE = TimeUnit.MICROSECONDS.toNanos(2);

    private static final int LEAST = 4;
    private static final int MOST = 4096;

    /** Where many short sleeps are needed, one in {@code SAMPLE} sleeps is measured and stands for the others. */
    private static final int SAMPLE = 16;

    private int needed = LEAST;
    private int seen;
    private int sleeps;

    /** Whether to look before sleeping. */
    boolean pays() {
        return seen >= needed;
    }

    /** Whether {@link #slept} is to be told of the next sleep. */
    boolean measures() {
        return ++sleeps % each() == 0;
    }

    private int each() {
        return needed > SAMPLE * SAMPLE ? SAMPLE : 1;
    }

    /** The thread has slept for so many nanoseconds until an event came. */
    void slept(long nanos) {
        if (nanos < MOMENT) {
            // Bounded: where no thread may look, sleeps are counted for as long as the connection lasts.
            seen = Math.min(MOST, seen + each());
        }
    }

    /**
     * An event came while the thread looked.
     *
     * @param passed nanoseconds between the previous look and the end of the look that found the event
     */
    void found(long passed) {
        if (passed < ALONE) {
            needed = Math.max(LEAST, needed / 2);
        } else {
            // The event may come from a thread that ran here: both threads need this processor, and a sleep gives it up
            // sooner.
            needMore(2);
        }
    }

    /** No event came in this moment. */
    void foundNothing() {
        needMore(4);
    }

    private void needMore(int times) {
        seen = 0;
        needed = Math.min(MOST, needed * times);
    }
}
