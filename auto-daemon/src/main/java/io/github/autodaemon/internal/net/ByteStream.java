package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in both directions. One thread at a time uses each direction; any thread may cancel. An interrupt ends a wait, and
 * harms nothing.
 */
public interface ByteStream {
    /**
     * Bytes from the peer. Closing the input discards the bytes that are still to come; the other direction goes on.
     */
    InputStream input();

    /** Bytes to the peer. Closing the output tells the peer that this side sends no more; the input stays open. */
    OutputStream output();

    /**
     * Ends both directions at once and tells the peer why. No effect when the stream is over.
     *
     * @param error the thrown exception as an error object, for a peer that understands more than a text; may be null
     */
    void cancel(String reason, @Nullable Map<String, ?> error);

    /** As {@link #cancel(String, Map)}, without an exception. */
    default void cancel(String reason) {
        cancel(reason, null);
    }

    /**
     * Runs {@code action} when the stream fails: either side cancelled the stream, or the connection is over and no
     * bytes are left to be read. Runs at once if the stream has failed; else before the failure is thrown to any
     * thread. May run under locks; must not block.
     */
    void onFailure(Runnable action);

    /** Ends the output and discards the input that is still to come. Waits until the written bytes are on their way. */
    void close() throws IOException;
}
