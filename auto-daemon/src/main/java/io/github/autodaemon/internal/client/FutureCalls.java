package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.net.ConnectionLock;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.rpc.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The calls of one connection that have futures. */
final class FutureCalls {
    private final Session session;
    private final ConnectionLock monitor;
    private final Loop loop;
    private final BackgroundReader background;
    private final ClientSession connection;

    /** Whether a thread waits for one and reads. */
    private final AtomicBoolean reading = new AtomicBoolean();

    /** Those which what is being read answers; guarded by the monitor. */
    private List<PendingCall<?>> answered = new ArrayList<>();

    FutureCalls(
            Session session, ConnectionLock monitor, Loop loop, BackgroundReader background, ClientSession connection) {
        this.session = session;
        this.monitor = monitor;
        this.loop = loop;
        this.background = background;
        this.connection = connection;
    }

    /** As {@link ClientSession#callAsync}. */
    <T> CompletableFuture<T> call(String method, Object args, long timeoutMillis, Function<CallResult, T> result)
            throws InterruptedException {
        PendingCall<T> pending = new PendingCall<>(this, session.errorFirst(), result);
        background.needed();
        boolean sent = false;
        long deadline =
                timeoutMillis == 0 ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try {
            long id = session.call(method, args, pending, timeoutMillis, deadline);
            sent = true;
            if (id < 0 && !pending.isDecided()) {
                pending.unsent();
                return pending;
            }
            pending.sentAs(id);
        } finally {
            if (!sent) {
                background.settled();
            }
        }
        if (timeoutMillis > 0) {
            // The thread that reads for it also keeps this time.
            pending.timedBy(loop.after(deadline - System.nanoTime(), pending::overdue));
        }
        return pending;
    }

    /** Whether an answer was awaited, which now is not any more. */
    boolean cancel(long call, String reason) {
        return session.cancel(call, reason);
    }

    /** One is outstanding no more, and whether something had continued it. */
    void settled(boolean continued) {
        if (continued) {
            background.continued(-1);
        }
        background.settled();
    }

    /** Something continues one that is outstanding. */
    void continued() {
        background.continued(1);
    }

    /** One has its answer. The monitor is held. */
    void answered(PendingCall<?> call) {
        answered.add(call);
    }

    /**
     * All that had come was read. Those whose answers came together complete together; where a thread reads that waits for one of
     * them, it is likely to get the others next. The monitor is held.
     */
    void received() {
        if (answered.isEmpty()) {
            return;
        }
        monitor.answered(answered.size(), background.reasons());
        List<PendingCall<?>> quiet = new ArrayList<>(answered.size());
        List<PendingCall<?>> continued = new ArrayList<>();
        for (PendingCall<?> one : answered) {
            if (one.getNumberOfDependents() > 0) {
                continued.add(one);
            } else if (!one.isAwaited()) {
                quiet.add(one);
            }
        }
        answered = new ArrayList<>();
        if (monitor.isBackground()) {
            continued.addAll(quiet);
        } else {
            Completions.SHARED.addLater(quiet);
        }
        Completions.SHARED.add(continued);
    }

    /** See {@link ClientSession#refuseNested}. */
    void refuseNested() {
        connection.refuseNested();
    }

    /** Whether this thread is to read for what it waits for, until it {@linkplain #leave() leaves}; false when another does. */
    boolean enter() {
        return reading.compareAndSet(false, true);
    }

    void leave() {
        reading.set(false);
    }

    /** A thread waits that does not read. */
    void hurry() {
        monitor.hurry(background.reasons());
    }

    /** Waits, and reads meanwhile, until {@code done}, which is asked with the monitor held; false when time was over first. */
    boolean await(BooleanSupplier done, long deadline) throws InterruptedException {
        return monitor.lockAndAwait(done, deadline);
    }

    /** Whoever waits here looks again. */
    void signal() {
        monitor.lock();
        try {
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
