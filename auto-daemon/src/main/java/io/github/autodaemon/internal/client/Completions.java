package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.net.Workers;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Completes futures one after the other on one thread, since a thread for each takes longer than most callbacks. A
 * callback may block until another future completes, so while completions wait a second thread checks every millisecond
 * whether the first is still in the same completion; then another thread goes on with the rest.
 *
 * <p>The common pool is not used: on a machine with two processors it has one thread.
 */
final class Completions {
    /** The completions of this process; made with its first future. */
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

    /** Runs the completions, in this order as long as none is slow. */
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

    /** If no thread can be made, the current thread runs the completions, so that no waiter waits for ever. */
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
                // The next completion tries again.
                watched = false;
            }
        }
    }

    private Taker replace() {
        Taker next = new Taker();
        taker = next;
        return next;
    }

    /** Runs waiting completions, until none waits or another taker replaces this one. */
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
