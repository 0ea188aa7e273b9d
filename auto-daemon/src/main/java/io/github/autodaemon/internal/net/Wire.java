package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The connection under a multiplexer. All methods are called with the connection's {@link Monitor} held and none of
 * them blocks.
 */
public interface Wire {
    /** The reader of a connection; called with the monitor held. None of its methods blocks. */
    interface Receiver {
        /** Bytes that arrived; all of them must be consumed. An exception ends the connection. */
        void receive(ByteBuffer bytes) throws IOException;

        /** How many bytes of unfinished input are kept until the rest comes. */
        default long unended() {
            return 0;
        }

        /** All queued bytes have been sent. */
        void sent();

        /** Nothing more will come, and nothing can be sent. Called once. */
        void closed(String reason);
    }

    /** Queues bytes behind all earlier ones, to be sent by the next {@link #flush()}. The array may be reused after the return. */
    void write(byte[] bytes, int offset, int length);

    /**
     * Sends the queued bytes that the kernel takes; the rest is sent when the kernel takes more. While input is being
     * handled, the flush is left to the reader, which flushes afterwards.
     */
    default void flush() {}

    /** Queued bytes that are not sent yet. */
    long queued();

    /** Whether the peers of all connections leave too many bytes unread, so that no long answer is to be queued. */
    default boolean isFull() {
        return false;
    }

    /**
     * Counts bytes that have come, and wait for a reader on this side.
     *
     * @param more less than 0 when they have been read
     * @return whether all connections together still have room for so many bytes
     */
    default boolean keep(long more) {
        return true;
    }

    /** Reads on from the peer, or stops reading until the next {@code reading(true)}. */
    void reading(boolean on);

    /** Ends the connection as soon as all written bytes have been sent. */
    void closeWhenSent();

    /** Ends the connection at once; queued bytes are dropped. */
    void close();
}
