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
    /** Bytes from the peer. Closing it discards what is still to come; the other direction goes on. */
    InputStream input();

    /** Bytes to the peer. Closing it tells the peer that this side sends no more; the input stays open. */
    OutputStream output();

    /**
     * Ends both directions at once and tells the peer why. No effect when it is over.
     *
     * @param error what was thrown, for a peer that understands more than a text; may be null
     */
    void cancel(String reason, @Nullable Map<String, ?> error);

    /** As {@link #cancel(String, Map)}, without an exception. */
    default void cancel(String reason) {
        cancel(reason, null);
    }

    /**
     * Has {@code action} run when the stream fails: it was cancelled by either side, or the connection is over and nothing of
     * it is left to be read. At once if it has failed; else before anybody is thrown the failure. May run under locks; must
     * not block.
     */
    void onFailure(Runnable action);

    /** Ends the output and discards what is still to come. Waits until what was written is on its way. */
    void close() throws IOException;
}
