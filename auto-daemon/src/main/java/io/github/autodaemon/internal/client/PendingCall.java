package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Answer;
import io.github.autodaemon.internal.rpc.Reply;
import io.github.autodaemon.internal.socket.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The future of one call. Cancelling it cancels the call. */
final class PendingCall<T> extends CompletableFuture<T> implements Reply, Runnable {
    private final ClientSession session;
    private final Function<Outcome, T> result;
    private final boolean errorFirst;
    private volatile long id;
    private volatile @Nullable Outcome outcome;
    private volatile Loop.@Nullable Timer timer;

    PendingCall(ClientSession session, boolean errorFirst, Function<Outcome, T> result) {
        this.session = session;
        this.errorFirst = errorFirst;
        this.result = result;
    }

    /** What the connection knows the call by. It may have been cancelled already. */
    void sentAs(long call) {
        id = call;
        if (isCancelled()) {
            session.cancel(call, "its future was cancelled");
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        stopTimer();
        long call = id;
        if (cancelled && call > 0) {
            session.cancel(call, "its future was cancelled");
        }
        return cancelled;
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
        if (!isDone() && call > 0 && session.cancel(call, "it took too long")) {
            become(Outcome.OVERDUE);
            Completions.SHARED.add(List.of(this));
        }
    }

    @Override
    public void answered(List<@Nullable Object> values) {
        session.settled();
        become(new Outcome(Answer.of(values, errorFirst), false, ""));
        session.completes(this);
    }

    @Override
    public void lost(boolean mayHaveRun, String reason) {
        session.settled();
        become(new Outcome(null, mayHaveRun, reason));
        Completions.SHARED.add(List.of(this));
    }

    /**
     * Those for which nobody waits and which nothing continues, then the others, in their order. A thread that is woken by
     * one would else be likely to take the processor, only to wait for the next.
     */
    static <F extends CompletableFuture<?>> List<F> quietFirst(List<F> together) {
        List<F> all = new ArrayList<>(together.size());
        List<F> awaited = new ArrayList<>();
        for (F one : together) {
            (one.getNumberOfDependents() == 0 ? all : awaited).add(one);
        }
        all.addAll(awaited);
        return all;
    }

    private void become(Outcome became) {
        outcome = became;
        stopTimer();
    }

    @Override
    public boolean isPatient() {
        return true;
    }

    /** Completes it; not on a thread that reads. */
    @Override
    public void run() {
        Outcome became = outcome;
        if (became == null || isDone()) {
            return;
        }
        try {
            complete(result.apply(became));
        } catch (Throwable t) {
            completeExceptionally(t instanceof CompletionException ? t : new CompletionException(t));
        }
    }

    private void stopTimer() {
        Loop.Timer limit = timer;
        if (limit != null) {
            limit.cancel();
        }
    }
}
