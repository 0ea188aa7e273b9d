package io.github.autodaemon.chaos;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for events that nobody announces. */
final class Waiting {
    /** Something that may have happened. */
    interface Event {
        boolean hasHappened() throws IOException;
    }

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private Waiting() {}

    /** Whether it happened within the bound. */
    static boolean until(int seconds, Event event) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!event.hasHappened()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** Takes no notice of an interrupt but to forget it. */
    static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = end - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            // With the mark set it would not wait.
            boolean unused = Thread.interrupted();
            left = end - System.nanoTime();
        }
    }
}
