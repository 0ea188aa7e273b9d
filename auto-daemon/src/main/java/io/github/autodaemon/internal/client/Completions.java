package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.net.Workers;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where futures complete: one after the other on one thread, since a thread for each takes longer than what most of them are
 * continued with. What continues one may block until another completes, so while some wait a second thread looks every
 * millisecond whether the first is still in the same; then another goes on with the rest.
 *
 * <p>Not in the common pool: on a machine with two processors it has one thread.
 */
final class Completions {
    /** Those of this process; made with its first future. */
    static final Completions SHARED = new Completions(Workers.create());

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUIET_TICKS = 100;

    private final Executor threads;

    // Guarded by this.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable Taker taker;
    private boolean watched;
    private long taken;

    /** {@code threads} never make a task wait for another. */
    Completions(Executor threads) {
        this.threads = threads;
    }

    /** Runs them, in this order as long as none is slow. */
    void add(Collection<? extends Runnable> completions) {
        if (completions.isEmpty()) {
            return;
        }
        Taker started;
        boolean watch;
        synchronized (this) {
            waiting.addAll(completions);
            started = taker == null ? replace() : null;
            watch = !watched && (started == null || waiting.size() > 1);
            watched |= watch;
        }
        if (watch) {
            watchElsewhere();
        }
        if (started != null) {
            elsewhere(started);
        }
    }

    /** Where no thread can be made this one runs them: what waits for them does not wait for ever. */
    private void elsewhere(Taker started) {
        try {
            threads.execute(started);
        } catch (RuntimeException | Error e) {
            started.run();
        }
    }

    private void watchElsewhere() {
        try {
            threads.execute(this::watch);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                // The next one tries again.
                watched = false;
            }
        }
    }

    private Taker replace() {
        Taker next = new Taker();
        taker = next;
        return next;
    }

    /** Takes what waits, until nothing does or another takes it instead. */
    private final class Taker implements Runnable {
        @Override
        public void run() {
            Runnable next = next();
            while (next != null) {
                next.run();
                next = next();
            }
        }

        private @Nullable Runnable next() {
            synchronized (Completions.this) {
                if (taker != this) {
                    return null;
                }
                Runnable next = waiting.poll();
                if (next == null) {
                    taker = null;
                } else {
                    taken++;
                }
                return next;
            }
        }
    }

    private void watch() {
        long last = -1;
        int quiet = 0;
        while (true) {
            LockSupport.parkNanos(this, TICK);
            Taker started = null;
            synchronized (this) {
                quiet = taken == last && waiting.isEmpty() ? quiet + 1 : 0;
                if (quiet > QUIET_TICKS) {
                    watched = false;
                    return;
                }
                if (!waiting.isEmpty() && (taker == null || taken == last)) {
                    started = replace();
                }
                last = taken;
            }
            if (started != null) {
                elsewhere(started);
            }
        }
    }
}
