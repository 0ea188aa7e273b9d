package io.github.autodaemon.internal.server;

import java.time.Duration;

/**
 * A reason to leave that comes about by itself, when no reference was held for so long.
 *
 * @param nanos how long
 * @param reason why it leaves then
 */
record Expiry(long nanos, Reason reason) {
    /** Autoclose: the last user has left, and lingered. */
    static Expiry unreferenced(long linger) {
        return new Expiry(linger, Reason.unreferenced());
    }

    /** Nobody has used it for long. */
    static Expiry idle(long time) {
        return new Expiry(time, Reason.idle(Duration.ofNanos(time)));
    }

    /** How long it still has, when no reference is held since {@code since}; not positive when it is over. */
    long left(long since, long now) {
        return nanos - (now - since);
    }
}
