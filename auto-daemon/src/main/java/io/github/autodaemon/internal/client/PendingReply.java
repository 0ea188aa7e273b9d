package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Response;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The condition of a thread that waits for one answer. The connection's monitor is held. */
final class PendingReply implements ReplyHandler, BooleanSupplier {
    private final boolean errorFirst;
    private @Nullable CallResult outcome;

    PendingReply(boolean errorFirst) {
        this.errorFirst = errorFirst;
    }

    @Override
    public void answered(List<@Nullable Object> args) {
        outcome = new CallResult(Response.of(args, errorFirst), false, "");
    }

    @Override
    public void lost(boolean sent, String reason) {
        outcome = new CallResult(null, sent, reason);
    }

    @Override
    public boolean getAsBoolean() {
        return outcome != null;
    }

    @Nullable
    CallResult outcome() {
        return outcome;
    }
}
