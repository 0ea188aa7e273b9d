package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of one call. Cancelling it cancels the call.
 *
 * <p>A thread that waits for it reads the socket, as one that makes a blocking call does, and completes it itself. Where several
 * wait one does so, and for the others another reads, as for what continues a future:
 *
 * <pre>
 *   outstanding --the answer comes, a thread waits and reads--> answered --that thread--> done
 *               --it comes, something continues it--> answered --a worker, at once--> done
 *               --it comes, read by a thread that waits for another--> answered --whoever gets it, or soon a worker--> done
 *               --it comes, read in the background--> answered --a worker, at once--> done
 *               --cancelled, or completed by somebody else--> done
 * </pre>
 */
final class PendingCall<T> extends CompletableFuture<T> implements ReplyHandler, RunnableFuture<T>, BooleanSupplier {
    /** Who sends it, and reads for it. */
    interface Owner {
        /** One has its answer. The monitor is held. */
        void answered(PendingCall<?> call);

        /** Waits, and reads meanwhile, until {@code done}, which is asked with the monitor held; false when time was over first. */
        boolean await(BooleanSupplier done, long deadline) throws InterruptedException;

        /** Whether an answer was awaited, which now is not any more. */
        boolean cancel(long call, String reason);

        /** Something continues one that is outstanding. */
        void continued();

        /** Whether this thread is to read for what it waits for, until it {@linkplain #leave() leaves}; false when another does. */
        boolean enter();

        /** A thread waits that does not read. */
        void hurry();

        void leave();

        /** See the session's {@code refuseNested}. */
        void refuseNested();

        /** One is outstanding no more, and whether something had continued it. */
        void settled(boolean continued);

        /** Whoever waits here looks again. */
        void signal();
    }

    @SuppressWarnings("rawtypes") // There is no class object of a generic type.
    private static final AtomicReferenceFieldUpdater<PendingCall, Stage> STAGE =
            AtomicReferenceFieldUpdater.newUpdater(PendingCall.class, Stage.class, "stage");

    private enum Stage {
        OUTSTANDING,
        /** Outstanding, and something is known to continue it. */
        CONTINUED,
        SETTLED
    }

    private final Owner calls;
    private final Function<CallResult, T> result;
    private final boolean errorFirst;
    private volatile long id;
    private volatile @Nullable CallResult outcome;
    private volatile Loop.@Nullable Timer timer;

    /** Whether a thread waits here and reads, and completes it when there is an outcome. */
    private volatile boolean awaited;

    private volatile Stage stage = Stage.OUTSTANDING;

    PendingCall(Owner calls, boolean errorFirst, Function<CallResult, T> result) {
        this.calls = calls;
        this.errorFirst = errorFirst;
        this.result = result;
    }

    /** What the connection knows the call by. It may have been cancelled already. */
    void sentAs(long call) {
        id = call;
        if (isCancelled()) {
            withdraw(call, "its future was cancelled");
        }
    }

    /** Whether its answer was awaited, which now is not any more. */
    private boolean withdraw(long call, String reason) {
        boolean awaited = calls.cancel(call, reason);
        if (awaited) {
            settled();
        }
        return awaited;
    }

    /** It is not outstanding any more. Called once. */
    private void settled() {
        calls.settled(STAGE.getAndSet(this, Stage.SETTLED) == Stage.CONTINUED);
    }

    /** It is to be done before this timer runs {@link #overdue()}. */
    void timedBy(Loop.Timer limit) {
        timer = limit;
        if (isDone()) {
            limit.cancel();
        }
    }

    /** Nobody waits for it any more. */
    void overdue() {
        long call = id;
        if (!isDone() && call > 0 && withdraw(call, "it took too long")) {
            become(CallResult.TIMED_OUT);
            Completions.SHARED.add(List.of(this));
        }
    }

    /** Whether it is known what became of it. */
    boolean isDecided() {
        return outcome != null;
    }

    /** There was no time left to send it. */
    void unsent() {
        settled();
        become(CallResult.TIMED_OUT);
        Completions.SHARED.add(List.of(this));
    }

    @Override
    public void answered(List<@Nullable Object> values) {
        CallResult answer = new CallResult(Response.of(values, errorFirst), false, "");
        settled();
        become(answer);
        calls.answered(this);
    }

    @Override
    public void lost(boolean mayHaveRun, String reason) {
        if (outcome == null) {
            settled();
            become(new CallResult(null, mayHaveRun, reason));
        }
        Completions.SHARED.add(List.of(this));
    }

    private void become(CallResult became) {
        outcome = became;
        stopTimer();
    }

    @Override
    public boolean isPatient() {
        return true;
    }

    /** Completes it; not on a thread that reads for others. */
    @Override
    public void run() {
        CallResult became = outcome;
        if (became == null || isDone()) {
            return;
        }
        try {
            complete(result.apply(became));
        } catch (Throwable t) {
            // What is thrown may be anybody's, and fail when it is asked for its text, as an exception with a cause
            // asks.
            completeExceptionally(t instanceof CompletionException ? t : new CompletionException(Thrown.text(t), t));
        }
    }

    private void stopTimer() {
        Loop.Timer limit = timer;
        if (limit != null) {
            limit.cancel();
        }
    }

    // Whoever waits.

    @Override
    public T get() throws InterruptedException, ExecutionException {
        await(Long.MAX_VALUE);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = Math.max(0, unit.toNanos(timeout));
        long began = System.nanoTime();
        await(nanos == Long.MAX_VALUE ? Long.MAX_VALUE : began + nanos);
        return super.get(Math.max(0, nanos - (System.nanoTime() - began)), TimeUnit.NANOSECONDS);
    }

    @Override
    public T join() {
        boolean interrupted = false;
        boolean waits = true;
        while (waits) {
            try {
                await(Long.MAX_VALUE);
                waits = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.join();
    }

    /** Reads until it is done, unless another thread does; then that is not to be handed from one to the next. */
    private void await(long deadline) throws InterruptedException {
        if (getAsBoolean()) {
            run();
            return;
        }
        calls.refuseNested();
        if (calls.enter()) {
            awaited = true;
            try {
                calls.await(this, deadline);
            } finally {
                awaited = false;
                calls.leave();
                run();
            }
        } else {
            calls.hurry();
            isContinued();
        }
    }

    /** Whether a thread waits here and reads. It looks for an outcome once more when this is false again. */
    boolean isAwaited() {
        return awaited;
    }

    /** Whether a thread that waits here has waited long enough. */
    @Override
    public boolean getAsBoolean() {
        return outcome != null || isDone();
    }

    // Whatever else ends it.

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        stopTimer();
        long call = id;
        if (cancelled && call > 0) {
            withdraw(call, "its future was cancelled");
        }
        return ended(cancelled);
    }

    @Override
    public boolean complete(T value) {
        return ended(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable thrown) {
        return ended(super.completeExceptionally(thrown));
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        executor.execute(() -> {
            if (!isDone()) {
                try {
                    complete(supplier.get());
                } catch (Throwable t) {
                    completeExceptionally(new CompletionException(t));
                }
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(T value) {
        super.obtrudeValue(value);
        ended(true);
    }

    @Override
    public void obtrudeException(Throwable thrown) {
        super.obtrudeException(thrown);
        ended(true);
    }

    private boolean ended(boolean just) {
        if (just && awaited) {
            calls.signal();
        }
        return just;
    }

    /** Called for nearly all that continues it. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        isContinued();
        return new CompletableFuture<>();
    }

    private void isContinued() {
        if (stage == Stage.OUTSTANDING && STAGE.compareAndSet(this, Stage.OUTSTANDING, Stage.CONTINUED)) {
            calls.continued();
        } else if (outcome != null && !isDone()) {
            Completions.SHARED.add(List.of(this));
        }
    }
}
