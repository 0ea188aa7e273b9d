package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.net.ByteStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods that a service offers one client. They run in the service's turn. */
public interface ClientCalls {
    /** Runs a method and answers the request, now or later. */
    void call(Request request) throws Exception;

    /**
     * Runs a stream method.
     *
     * @return the task that serves the stream, on a thread of its own
     * @throws Exception when there is no such stream; the stream is cancelled with the exception's message
     */
    StreamTask stream(String method, List<@Nullable Object> args, ByteStream stream) throws Exception;

    /** True if a stream method is a call whose arguments or result are sequences. */
    default boolean isCall(String method) {
        return false;
    }

    /** The client is gone. */
    void closed();

    /** Serves one stream; returns when the stream is served. */
    interface StreamTask {
        void run() throws Exception;
    }
}
