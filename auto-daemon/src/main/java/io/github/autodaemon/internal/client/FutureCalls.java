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
final class FutureCalls implements PendingCall.Owner {
    private final Session session;
    private final ConnectionLock monitor;
    private final Loop loop;
    private final BackgroundReader background;
    private final Runnable refuseNested;

    /** Whether a thread waits for one and reads. */
    private final AtomicBoolean reading = new AtomicBoolean();

    /** Those which what is being read answers; guarded by the monitor. */
    private List<PendingCall<?>> answered = new ArrayList<>();

    FutureCalls(
            Session session, ConnectionLock monitor, Loop loop, BackgroundReader background, Runnable refuseNested) {
        this.session = session;
        this.monitor = monitor;
        this.loop = loop;
        this.background = background;
        this.refuseNested = refuseNested;
    }

    /** As the session's {@code callAsync}. */
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
    @Override
    public boolean cancel(long call, String reason) {
        return session.cancel(call, reason);
    }

    /** One is outstanding no more, and whether something had continued it. */
    @Override
    public void settled(boolean continued) {
        if (continued) {
            background.continued(-1);
        }
        background.settled();
    }

    /** Something continues one that is outstanding. */
    @Override
    public void continued() {
        background.continued(1);
    }

    /** One has its answer. The monitor is held. */
    @Override
    public void answered(PendingCall<?> call) {
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

    /** See the session's {@code refuseNested}. */
    @Override
    public void refuseNested() {
        refuseNested.run();
    }

    /** Whether this thread is to read for what it waits for, until it {@linkplain #leave() leaves}; false when another does. */
    @Override
    public boolean enter() {
        return reading.compareAndSet(false, true);
    }

    @Override
    public void leave() {
        reading.set(false);
    }

    /** A thread waits that does not read. */
    @Override
    public void hurry() {
        monitor.hurry(background.reasons());
    }

    /** Waits, and reads meanwhile, until {@code done}, which is asked with the monitor held; false when time was over first. */
    @Override
    public boolean await(BooleanSupplier done, long deadline) throws InterruptedException {
        return monitor.lockAndAwait(done, deadline);
    }

    /** Whoever waits here looks again. */
    @Override
    public void signal() {
        monitor.lock();
        try {
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
