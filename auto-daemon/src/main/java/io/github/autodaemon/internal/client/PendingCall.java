package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Answer;
import io.github.autodaemon.internal.rpc.Reply;
import io.github.autodaemon.internal.socket.Loop;
import io.github.autodaemon.internal.socket.Workers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The future of one call. Cancelling it cancels the call. */
final class PendingCall<T> extends CompletableFuture<T> implements Reply {
    /**
     * Where futures complete. Not in the common pool: on a machine with two processors it has one thread, and what
     * continues one future may block until another completes.
     */
    private static final class Completions {
        static final Executor THREADS = Workers.create();
    }

    private final ClientSession session;
    private final Function<Outcome, T> result;
    private final boolean errorFirst;
    private volatile long id;
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
            complete(Outcome.OVERDUE);
        }
    }

    @Override
    public void answered(List<@Nullable Object> values) {
        session.settled();
        complete(new Outcome(Answer.of(values, errorFirst), false, ""));
    }

    @Override
    public void lost(boolean mayHaveRun, String reason) {
        session.settled();
        complete(new Outcome(null, mayHaveRun, reason));
    }

    private void complete(Outcome outcome) {
        stopTimer();
        completeAsync(() -> result.apply(outcome), Completions.THREADS);
    }

    private void stopTimer() {
        Loop.Timer limit = timer;
        if (limit != null) {
            limit.cancel();
        }
    }
}
