package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.ConnectionLock;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Response;
import io.github.autodaemon.internal.rpc.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection that have futures. Cancelling a future cancels its call.
 *
 * <pre>
 *   outstanding --the answer, the end of the connection, or its time is over--> decided --converted--> done
 *               --cancelled, or completed by the caller--> done
 * </pre>
 *
 * The reading thread decides a future, and never completes it: a callback of a future may block, or call again. A
 * thread that waits in {@code get} or {@code join} completes its future itself; all other futures complete in
 * {@link Completions}.
 */
final class FutureCalls {
    private final Session session;
    private final ConnectionLock lock;
    private final Loop loop;
    private final Runnable refuseNested;

    /** The futures that the current read answers; guarded by the lock. */
    private List<Runnable> answered = new ArrayList<>();

    /** {@code refuseNested} throws where the answer would come only after this thread has gone on. */
    FutureCalls(Session session, ConnectionLock lock, Loop loop, Runnable refuseNested) {
        this.session = session;
        this.lock = lock;
        this.loop = loop;
        this.refuseNested = refuseNested;
    }

    /** As the session's {@code callAsync}. */
    <T> CompletableFuture<T> call(
            String method, Object args, long timeoutMillis, long deadline, Function<CallResult, T> result)
            throws InterruptedException {
        Call<T> call = new Call<>(session.errorFirst(), result);
        lock.needed();
        boolean sent = false;
        try {
            long id = session.call(method, args, call, timeoutMillis, deadline);
            sent = true;
            if (id < 0 && !call.isDecided()) {
                call.expire();
            } else {
                lock.sendSoon();
                call.sentAs(id);
            }
        } finally {
            if (!sent) {
                lock.settled();
            }
        }
        if (timeoutMillis > 0) {
            // The thread that reads for the future also runs this timer.
            call.timedBy(loop.after(deadline - System.nanoTime(), call::overdue));
        }
        return call;
    }

    /** The received bytes were handled. Answers that came together complete together. The lock is held. */
    void received() {
        if (!answered.isEmpty()) {
            Completions.SHARED.add(answered);
            answered = new ArrayList<>();
        }
    }

    /** One call. For its caller the future is done when the outcome has been converted. */
    private final class Call<T> extends CompletableFuture<T> implements ReplyHandler, Runnable, BooleanSupplier {
        private final Function<CallResult, T> result;
        private final boolean errorFirst;
        private volatile long id;
        private volatile @Nullable CallResult outcome;
        private volatile Loop.@Nullable Timer timer;

        /** How many threads wait, each of which completes it. */
        private final AtomicInteger waiters = new AtomicInteger();

        Call(boolean errorFirst, Function<CallResult, T> result) {
            this.errorFirst = errorFirst;
            this.result = result;
        }

        boolean isDecided() {
            return outcome != null;
        }

        /** Sets the call's id on the connection. The future may have been cancelled already. */
        void sentAs(long call) {
            id = call;
            if (isCancelled()) {
                withdraw("its future was cancelled");
            }
        }

        /** Stops awaiting the answer; returns whether an answer was awaited. */
        private boolean withdraw(String reason) {
            boolean withdrawn = id > 0 && session.cancel(id, reason);
            if (withdrawn) {
                lock.settled();
            }
            return withdrawn;
        }

        /** Sets the timer that runs {@link #overdue()} at the deadline. */
        void timedBy(Loop.Timer limit) {
            timer = limit;
            if (getAsBoolean()) {
                limit.cancel();
            }
        }

        void overdue() {
            if (!isDone() && withdraw("it took too long")) {
                decide(CallResult.TIMED_OUT);
                Completions.SHARED.add(List.of(this));
            }
        }

        /** The deadline passed before the call was sent. */
        void expire() {
            lock.settled();
            decide(CallResult.TIMED_OUT);
            run();
        }

        @Override
        public void answered(List<@Nullable Object> values) {
            CallResult answer = new CallResult(Response.of(values, errorFirst), false, "");
            lock.settled();
            decide(answer);
            if (waiters.get() == 0 || getNumberOfDependents() > 0) {
                answered.add(this);
            }
        }

        @Override
        public void lost(boolean mayHaveRun, String reason) {
            if (outcome == null) {
                lock.settled();
                decide(new CallResult(null, mayHaveRun, reason));
            }
            Completions.SHARED.add(List.of(this));
        }

        private void decide(CallResult became) {
            outcome = became;
            stopTimer();
        }

        private void stopTimer() {
            Loop.Timer limit = timer;
            if (limit != null) {
                limit.cancel();
            }
        }

        /** Completes the future if it is decided; not called on a thread that reads for others. */
        @Override
        public void run() {
            CallResult became = outcome;
            if (became == null || isDone()) {
                return;
            }
            try {
                complete(result.apply(became));
            } catch (Throwable t) {
                // The thrown exception may be of any class, and may fail when it is asked for its text, as an exception
                // with a cause asks.
                completeExceptionally(
                        t instanceof CompletionException ? t : new CompletionException(Thrown.text(t), t));
            }
        }

        // The waiting thread.

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

        private void await(long deadline) throws InterruptedException {
            if (getAsBoolean()) {
                run();
                return;
            }
            refuseNested.run();
            waiters.incrementAndGet();
            try {
                lock.lockAndAwait(this, deadline);
            } finally {
                // In this order: the deciding thread writes the outcome first, and reads the waiters after that.
                waiters.decrementAndGet();
                run();
            }
        }

        /** True when a thread that waits here may stop waiting. */
        @Override
        public boolean getAsBoolean() {
            return outcome != null || isDone();
        }

        // Other ends of the future.

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                stopTimer();
                withdraw("its future was cancelled");
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
            if (just && waiters.get() > 0) {
                lock.lock();
                try {
                    lock.signalAll();
                } finally {
                    lock.unlock();
                }
            }
            return just;
        }
    }
}
