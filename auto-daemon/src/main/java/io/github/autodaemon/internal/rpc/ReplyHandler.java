package io.github.autodaemon.internal.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whoever waits for the answer to a call. Told once, with the connection's monitor held; must not block. */
public interface ReplyHandler {
    /** The arguments of the answer, as they came. */
    void answered(List<@Nullable Object> args);

    /**
     * There will be no answer.
     *
     * @param sent whether the call had been handed to the socket, so that it may have run
     * @param reason in words
     */
    void lost(boolean sent, String reason);
}
