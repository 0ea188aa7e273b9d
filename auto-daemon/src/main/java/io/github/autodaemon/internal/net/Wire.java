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

        /** How much of what has come is kept until the rest of it comes, in bytes. */
        default long unended() {
            return 0;
        }

        /** Everything that was queued has been sent. */
        void sent();

        /** Nothing more will come, and nothing can be sent. Called once. */
        void closed(String reason);
    }

    /** Queues bytes behind all earlier ones, to be sent by the next {@link #flush()}. The array may be reused after the return. */
    void write(byte[] bytes, int offset, int length);

    /**
     * Sends what the kernel takes of what is queued; the rest is sent when it takes more. While what has come is being handled
     * it is left to the reader, which does it afterwards.
     */
    default void flush() {}

    /** Bytes that were queued and are not sent yet. */
    long queued();

    /** Whether what the peers of all connections do not take is too much, so that no long answer is to be queued. */
    default boolean isFull() {
        return false;
    }

    /**
     * Counts bytes that have come, and wait for somebody here to read them.
     *
     * @param more less than 0 when they have been read
     * @return whether all connections together still have room for so much
     */
    default boolean keep(long more) {
        return true;
    }

    /** Reads on from the peer, or stops until told to go on. */
    void reading(boolean on);

    /** Ends the connection as soon as all that was written has been sent. */
    void closeWhenSent();

    /** Ends the connection at once; what is queued is dropped. */
    void close();
}
