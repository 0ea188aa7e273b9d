package io.github.autodaemon.fuzz;

import java.util.Arrays;

/**
 * Decisions out of the bytes of one input, from the first to the last; zeros when they are used up. The order is what
 * makes an input small: bytes behind the fault can be cut off, and a change at the end changes the end.
 */
public final class Input {
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        3,
        10,
        127,
        128,
        255,
        256,
        257,
        4096,
        65_535,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        (1L << 28) - 1,
        1L << 28,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final byte[] bytes;
    private int position;

    /** Decisions out of these bytes. */
    public Input(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether there are bytes left. */
    public boolean hasMore() {
        return position < bytes.length;
    }

    /** The next byte, unsigned. */
    public int next() {
        return hasMore() ? bytes[position++] & 0xff : 0;
    }

    /** A number below {@code bound}, which is at most 256. */
    public int below(int bound) {
        return next() % bound;
    }

    /** A small number, or one at the edge of something. */
    public long number() {
        int choice = next();
        return choice < 128 ? choice : NUMBERS[choice % NUMBERS.length] + below(3) - 1;
    }

    /** At most 255 bytes, behind their count. */
    public byte[] bytes() {
        int size = Math.min(next(), bytes.length - position);
        position += size;
        return Arrays.copyOfRange(bytes, position - size, position);
    }

    /** All bytes that are left. */
    public byte[] rest() {
        int from = position;
        position = bytes.length;
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }
}
