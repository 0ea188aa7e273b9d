package io.github.autodaemon.internal.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a client that needs another daemon may retire this one. Two versions that are used in turn would
 * otherwise end each other's daemons for ever. So
 *
 * <ul>
 * <li>a daemon is not replaced before its starter has connected, or had two seconds to: each start serves a client;
 * <li>a client whose daemon was replaced here less than ten minutes ago does not replace in its turn: it gets a daemon
 * of its own beside this one. A program that is newly built is never such a client, however often it is built and run;
 * <li>an exclusive service has no daemon beside another: of two versions in turn each is replaced at most five times a
 * minute, and then its client fails, with this rule as the reason;
 * <li>a server in the foreground of a program is not replaced by any client.
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
     * @param replaceable whether a client started the daemon, and clients may replace it
     * @param exclusive whether there is only one daemon at a time
     * @param earlier the daemons that were replaced at this path
     * @param clock the time in milliseconds since 1970
     */
    Replacements(boolean replaceable, boolean exclusive, List<Earlier> earlier, LongSupplier clock) {
        this.replaceable = replaceable;
        this.exclusive = exclusive;
        this.earlier = earlier;
        this.clock = clock;
    }

    /** Why no client can replace this daemon; null when clients can. */
    @Nullable
    String refusal() {
        return replaceable
                ? null
                : "it runs in the foreground of a program, which clients do not replace; stop it there";
    }

    /** Why a daemon with this fingerprint cannot replace this daemon; null when it can. */
    @Nullable
    String refusal(String digest) {
        // The current time, and not this daemon's start, which may be long ago.
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

    /** The starter has connected, or had the time to. */
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
