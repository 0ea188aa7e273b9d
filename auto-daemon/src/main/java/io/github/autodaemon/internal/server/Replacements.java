package io.github.autodaemon.internal.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client that needs another daemon may have this one retire. Two versions that are used in turn would otherwise
 * end each other's daemons for ever. So
 *
 * <ul>
 *   <li>a daemon is not replaced before whoever started it has connected, or had two seconds to: each start serves
 *       somebody;
 *   <li>who was replaced here less than ten minutes ago, and is back, does not replace in its turn: it gets a daemon of its
 *       own beside this one. However often something new is built and run, it is not back;
 *   <li>there is no beside with an exclusive service: one of two that take turns is replaced five times a minute, and then
 *       fails, with this rule as the reason;
 *   <li>a server in the foreground of a program is nobody's to replace.
 * </ul>
 */
final class Replacements {
    private static final long BACK_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final long WINDOW_MILLIS = TimeUnit.MINUTES.toMillis(1);
    static final int MOST = 5;
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final boolean replaceable;
    private final boolean exclusive;
    private final List<Earlier> earlier;
    private final LongSupplier clock;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean served;

    /**
     * A daemon at this path that was replaced.
     *
     * @param at milliseconds since 1970
     * @param digest of its fingerprint
     */
    record Earlier(long at, String digest) {}

    /**
     * For a daemon that begins to serve.
     *
     * @param replaceable whether clients started it, and may replace it
     * @param exclusive whether there is one at a time
     * @param earlier those that were replaced at this path
     * @param clock what time it is, in milliseconds since 1970
     */
    Replacements(boolean replaceable, boolean exclusive, List<Earlier> earlier, LongSupplier clock) {
        this.replaceable = replaceable;
        this.exclusive = exclusive;
        this.earlier = earlier;
        this.clock = clock;
    }

    /** Why it cannot be replaced by anybody; null when it can. */
    @Nullable
    String refusal() {
        return replaceable
                ? null
                : "it runs in the foreground of a program, which clients do not replace; stop it there";
    }

    /** Why it cannot be replaced by a daemon with this fingerprint; null when it can. */
    @Nullable
    String refusal(String digest) {
        // Now and not when this daemon began, which may be long ago.
        long now = clock.getAsLong();
        int recent = 0;
        for (Earlier one : earlier) {
            long ago = now - one.at();
            recent +=
                    one.digest().equals(digest) && ago >= 0 && ago < (exclusive ? WINDOW_MILLIS : BACK_MILLIS) ? 1 : 0;
        }
        if (!replaceable || recent < (exclusive ? MOST : 1)) {
            return refusal();
        }
        return exclusive
                ? "the one that is wanted was replaced here " + recent + " times within a minute, so two versions of an"
                        + " exclusive service seem to be used in turn; put the version into the name, or wait a minute"
                : "the one that is wanted was replaced here less than ten minutes ago";
    }

    /** Whoever started it has connected, or had the time to. */
    void starterServed() {
        List<Runnable> due;
        synchronized (this) {
            served = true;
            due = new ArrayList<>(waiting);
            waiting.clear();
        }
        for (Runnable action : due) {
            action.run();
        }
    }

    /** Runs {@code action} once the starter has been served. */
    void afterStarter(Runnable action) {
        synchronized (this) {
            if (!served) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }
}
