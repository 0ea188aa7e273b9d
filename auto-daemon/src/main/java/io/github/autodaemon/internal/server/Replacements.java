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
 *   <li>five daemons a minute are replaced at one path, and no more: who asks then fails, with this rule as the reason;
 *   <li>a server in the foreground of a program is nobody's to replace.
 * </ul>
 */
final class Replacements {
    private static final long WINDOW_MILLIS = TimeUnit.MINUTES.toMillis(1);
    static final int MOST = 5;
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final boolean replaceable;
    private final List<Long> earlier;
    private final LongSupplier clock;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean served;

    /**
     * For a daemon that begins to serve.
     *
     * @param replaceable whether clients started it, and may replace it
     * @param earlier when others at this path were replaced
     * @param clock what time it is; both in milliseconds since 1970
     */
    Replacements(boolean replaceable, List<Long> earlier, LongSupplier clock) {
        this.replaceable = replaceable;
        this.earlier = earlier;
        this.clock = clock;
    }

    /** Why it cannot be replaced; null when it can. */
    @Nullable
    String refusal() {
        if (!replaceable) {
            return "it runs in the foreground of a program, which clients do not replace; stop it there";
        }
        // Now and not when this daemon began, which may be long ago.
        long now = clock.getAsLong();
        int recent = 0;
        for (long at : earlier) {
            recent += now - at >= 0 && now - at < WINDOW_MILLIS ? 1 : 0;
        }
        if (recent >= MOST) {
            return recent + " daemons were replaced here within a minute, so two versions seem to be used in turn; put"
                    + " the version into the name to run them side by side, or wait a minute";
        }
        return null;
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
