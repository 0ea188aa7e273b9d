package io.github.autodaemon.internal.rpc;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Splits bytes at line feeds. Lines are cut before they are decoded: a character may come in two pieces. */
final class LineBuffer {
    /**
     * Takes each line, without its line feed: the first {@code length} bytes of an array that is reused after the
     * return, unless the array is longer than {@link #KEPT}.
     */
    interface Sink {
        void line(byte[] bytes, int length) throws ProtocolException;
    }

    /** A longer array is not reused when the line has been taken. */
    static final int KEPT = 16 * 1024;

    private static final long EIGHT_ONES = 0x0101010101010101L;
    private static final long EIGHT_TOPS = EIGHT_ONES << 7;
    private static final long EIGHT_LINE_FEEDS = '\n' * EIGHT_ONES;

    private final int limit;
    private final Sink sink;
    private byte[] held = new byte[0];
    private int length;

    LineBuffer(int limit, Sink sink) {
        this.limit = limit;
        this.sink = sink;
    }

    void add(ByteBuffer bytes) throws ProtocolException {
        int from = bytes.position();
        int end = bytes.limit();
        for (int i = lineFeed(bytes, from, end); i < end; i = lineFeed(bytes, from, end)) {
            take(bytes, i - from);
            bytes.get();
            from = i + 1;
            complete();
        }
        take(bytes, end - from);
    }

    /**
     * The position of the next line feed; {@code end} when there is none. Tests eight bytes at a time for a line feed.
     */
    private static int lineFeed(ByteBuffer bytes, int from, int end) {
        int i = from;
        while (i + Long.BYTES <= end) {
            long others = bytes.getLong(i) ^ EIGHT_LINE_FEEDS;
            if (((others - EIGHT_ONES) & ~others & EIGHT_TOPS) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < end && bytes.get(i) != '\n') {
            i++;
        }
        return i;
    }

    /** The length of the incomplete line that has come so far, in bytes. */
    int length() {
        return length;
    }

    /** Drops the incomplete line. */
    void drop() {
        held = new byte[0];
        length = 0;
    }

    /** Bytes that no line feed ended count as a line. */
    void finish() throws ProtocolException {
        if (length > 0) {
            complete();
        }
    }

    private void take(ByteBuffer bytes, int count) throws ProtocolException {
        if (count > limit - length) {
            throw new ProtocolException("a line of more than " + limit + " bytes");
        }
        if (length + count > held.length) {
            held = Arrays.copyOf(held, Math.max(length + count, Math.min(limit, 2 * held.length)));
        }
        bytes.get(held, length, count);
        length += count;
    }

    private void complete() throws ProtocolException {
        byte[] line = held;
        int size = length;
        length = 0;
        if (held.length > KEPT) {
            held = new byte[0];
        }
        sink.line(line, size);
    }
}
