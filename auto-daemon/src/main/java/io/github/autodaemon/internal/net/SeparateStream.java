package io.github.autodaemon.internal.net;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream on a connection of its own. The stream's connection carries bytes only; all other messages about the stream
 * travel on the session's connection. These methods are called with the session's monitor held, and do not block.
 */
public interface SeparateStream extends ByteStream {
    /**
     * The peer cancelled the stream.
     *
     * @param error the error object of the exception that was thrown there; null when the peer sent none
     */
    void cancelled(String reason, @Nullable Map<?, ?> error);

    /** The peer reads no more of the stream. */
    void unread();

    /**
     * The session's connection is over. The bytes that the peer had sent before may still be read.
     *
     * @param reason in words
     */
    void lost(String reason);

    /** This side ended the session's connection. */
    void closed(String reason);

    /** The session's connection, as the stream uses it. Called without any lock. */
    interface Link {
        /**
         * Tells the peer that the stream is cancelled, with the error object of a thrown exception, if there is one.
         */
        void cancel(String reason, @Nullable Map<String, ?> error);

        /** Tells the peer that this side reads no more of the stream. */
        void unread();

        /** Forgets the stream. */
        void over();

        /**
         * Waits until the peer's reason has come through a method of the stream.
         *
         * @param known whether the awaited reason has come
         * @param nanos how long at most
         */
        void await(BooleanSupplier known, long nanos) throws InterruptedException;
    }
}
