package io.github.autodaemon.internal.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The callback for the answer to a call. Called once, with the connection's monitor held; must not block. */
public interface ReplyHandler {
    /** The answer has come, with these arguments. */
    void answered(List<@Nullable Object> args);

    /**
     * There will be no answer.
     *
     * @param sent whether the call had been handed to the socket, so that it may have run
     * @param reason in words
     */
    void lost(boolean sent, String reason);
}
