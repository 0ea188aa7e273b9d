package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.net.ByteStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service offers one client. The methods run in the service's turn. */
public interface ClientCalls {
    /** Runs a method and answers the request, now or later. */
    void call(Request request) throws Exception;

    /**
     * Runs a stream method.
     *
     * @return what serves the stream, on a thread of its own
     * @throws Exception when there is no such stream; the stream is cancelled with its message
     */
    StreamTask stream(String method, List<@Nullable Object> args, ByteStream stream) throws Exception;

    /** Whether a stream method is a call whose arguments or result are sequences. */
    default boolean isCall(String method) {
        return false;
    }

    /** The client is gone. */
    void closed();

    /** Serves one stream; returns when it is done with it. */
    interface StreamTask {
        void run() throws Exception;
    }
}
