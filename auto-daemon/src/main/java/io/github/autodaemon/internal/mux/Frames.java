package io.github.autodaemon.internal.mux;

/**
 * The frame format: {@code varint(channel << 3 | type) varint(length) payload}. "Initiator" is the side that sent NEW
 * for the channel, "receiver" is the other side.
 */
final class Frames {
    static final int NEW = 0;
    static final int DATA_BY_RECEIVER = 1;
    static final int DATA = 2;
    static final int END_BY_RECEIVER = 3;
    static final int END = 4;
    static final int RESET_BY_RECEIVER = 5;
    static final int RESET = 6;

    /** Peers compute {@code channel << 3} in 32 bits. */
    static final int MAX_CHANNEL = (1 << 28) - 1;

    /** A header with two varints: at most 5 bytes for channel and type, at most 5 for an int length. */
    static final int MAX_HEADER = 10;

    private Frames() {}

    /** Writes a frame's header at {@code offset} and returns the offset behind it. */
    static int header(byte[] into, int offset, int channel, int type, int length) {
        int next = varint(into, offset, ((long) channel << 3) | type);
        return varint(into, next, length);
    }

    private static int varint(byte[] into, int offset, long value) {
        long rest = value;
        int next = offset;
        while (rest > 0x7f) {
            into[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[next++] = (byte) rest;
        return next;
    }
}
