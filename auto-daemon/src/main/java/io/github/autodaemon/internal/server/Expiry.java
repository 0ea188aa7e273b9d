package io.github.autodaemon.internal.server;

import java.time.Duration;

/**
 * A reason to leave after a time in which no reference was held.
 *
 * @param nanos the time without a reference, in nanoseconds
 * @param reason why the daemon leaves then
 */
record Expiry(long nanos, Reason reason) {
    /** Autoclose: the last user has left, and the linger time has passed. */
    static Expiry unreferenced(long linger) {
        return new Expiry(linger, Reason.unreferenced());
    }

    /** No client has used the daemon for the idle timeout. */
    static Expiry idle(long time) {
        return new Expiry(time, Reason.idle(Duration.ofNanos(time)));
    }

    /**
     * Nanoseconds until the expiry, when no reference has been held since {@code since}; not positive when it has
     * expired.
     */
    long left(long since, long now) {
        return nanos - (now - since);
    }
}
