package io.github.autodaemon.internal.net;

import java.util.concurrent.TimeUnit;

/**
 * Whether whoever waits looks again and again for a moment before it sleeps. To be woken on an idle processor takes several
 * times as long as a call, and no less work; to look for what does not come is work for nothing. So it looks where the waits
 * before would have been over in that moment.
 *
 * <pre>
 *   sleeps --as many short sleeps as are needed--> looks first
 *   looks first --found something--> looks first, and half as many are needed the next time
 *               --another ran on this processor meanwhile--> sleeps, and twice as many are needed
 *               --found nothing--> sleeps, and four times as many are needed
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class AdaptiveSpin {
    /** About the work of a few wake-ups. */
    static final long MOMENT = TimeUnit.MICROSECONDS.toNanos(100);

    /** Between two looks, the second included, passes half of this, unless another runs on this processor. */
    private static final long ALONE = TimeUnit.MICROSECONDS.toNanos(2);

    private static final int LEAST = 4;
    private static final int MOST = 4096;

    /** Where many short sleeps are needed one in so many is measured and stands for them. */
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

    /** It has slept so long, until something came. */
    void slept(long nanos) {
        if (nanos < MOMENT) {
            // No further: where nobody may look it is counted for as long as the connection lasts.
            seen = Math.min(MOST, seen + each());
        }
    }

    /**
     * Something came while it looked.
     *
     * @param passed nanoseconds between the look before and the end of the one that found it
     */
    void found(long passed) {
        if (passed < ALONE) {
            needed = Math.max(LEAST, needed / 2);
        } else {
            // From who ran here, it may be: both need this processor, and a sleep gives it up sooner.
            needMore(2);
        }
    }

    /** Nothing came in this moment. */
    void foundNothing() {
        needMore(4);
    }

    private void needMore(int times) {
        seen = 0;
        needed = Math.min(MOST, needed * times);
    }
}
