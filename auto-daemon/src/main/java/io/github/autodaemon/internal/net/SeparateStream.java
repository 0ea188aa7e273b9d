package io.github.autodaemon.internal.net;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream on a connection of its own. It carries bytes only; what else there is to say about it is said on the
 * connection it belongs to. These methods are called with that connection's monitor held, and do not block.
 */
public interface SeparateStream extends ByteStream {
    /**
     * The peer cancelled the stream.
     *
     * @param error what was thrown there; null when it did not say
     */
    void cancelled(String reason, @Nullable Map<?, ?> error);

    /** The peer reads no more of it. */
    void unread();

    /**
     * The connection it belongs to is over. What the peer had sent before may still be read.
     *
     * @param reason in words
     */
    void lost(String reason);

    /** This side ended the connection it belongs to. */
    void closed(String reason);

    /** The connection it belongs to. Called without any lock. */
    interface Link {
        /** Tells the peer that the stream is cancelled, and what was thrown, if something was. */
        void cancel(String reason, @Nullable Map<String, ?> error);

        /** Tells the peer that this side reads no more of it. */
        void unread();

        /** Forgets the stream. */
        void over();

        /**
         * Waits for one of the methods above to be called.
         *
         * @param known whether what is waited for has come
         * @param nanos how long at most
         */
        void await(BooleanSupplier known, long nanos) throws InterruptedException;
    }
}
