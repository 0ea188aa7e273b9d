package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Answer;
import io.github.autodaemon.internal.rpc.Reply;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a thread that waits for one answer waits for. The connection's monitor is held. */
final class Waiting implements Reply, BooleanSupplier {
    private final boolean errorFirst;
    private @Nullable Outcome outcome;

    Waiting(boolean errorFirst) {
        this.errorFirst = errorFirst;
    }

    @Override
    public void answered(List<@Nullable Object> args) {
        outcome = new Outcome(Answer.of(args, errorFirst), false, "");
    }

    @Override
    public void lost(boolean sent, String reason) {
        outcome = new Outcome(null, sent, reason);
    }

    @Override
    public boolean getAsBoolean() {
        return outcome != null;
    }

    @Nullable
    Outcome outcome() {
        return outcome;
    }
}
