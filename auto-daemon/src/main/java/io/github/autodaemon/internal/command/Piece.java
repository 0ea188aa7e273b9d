package io.github.autodaemon.internal.command;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The pieces of a command's connection after the acceptance (docs/protocol.md): a type (1 byte), a length (4 bytes,
 * big-endian), the data. One number may mean another thing in each direction.
 */
public final class Piece {
    // From the daemon.
    public static final int STDOUT = 1;
    public static final int STDERR = 2;
    public static final int READ = 3;
    public static final int TERMINAL = 4;
    public static final int HANDLED = 5;
    public static final int EXIT = 9;

    // From the caller.
    public static final int STDIN = 1;
    public static final int SIGNAL = 2;
    public static final int SIZE = 3;
    public static final int CLOSED = 4;

    /** Bytes before the data. */
    public static final int HEADER = 5;

    /** The most bytes of standard input that are asked for at once. */
    public static final int MAX_READ = 64 * 1024;

    /** Bits of {@link #TERMINAL}. */
    static final int RAW = 1;

    static final int NO_ECHO = 2;

    private Piece() {}

    /** A piece with this data. */
    public static byte[] of(int type, byte... data) {
        return ByteBuffer.allocate(HEADER + data.length)
                .put((byte) type)
                .putInt(data.length)
                .put(data)
                .array();
    }

    /** Takes pieces. */
    public interface Sink {
        /** A whole piece. */
        void piece(int type, ByteBuffer data) throws ProtocolException;
    }

    /** Takes pieces out of bytes that arrive in any portions. */
    public static final class Reader {
        private final Sink sink;
        private final int limit;
        private byte[] held = new byte[HEADER];
        private int length;

        /** {@code limit} is the length of the longest data. */
        public Reader(Sink sink, int limit) {
            this.sink = sink;
            this.limit = limit;
        }

        /** Consumes all of {@code in}. */
        public void read(ByteBuffer in) throws ProtocolException {
            while (in.hasRemaining()) {
                take(in, HEADER);
                if (length < HEADER) {
                    return;
                }
                int size = ByteBuffer.wrap(held).getInt(1);
                if (size < 0 || size > limit) {
                    throw new ProtocolException("a piece of " + (size & 0xffffffffL) + " bytes, the limit is " + limit);
                }
                take(in, HEADER + size);
                if (length < HEADER + size) {
                    return;
                }
                length = 0;
                sink.piece(held[0], ByteBuffer.wrap(held, HEADER, size).slice());
            }
        }

        private void take(ByteBuffer in, int until) {
            int size = Math.min(in.remaining(), until - length);
            if (size > 0) {
                if (held.length < length + size) {
                    held = Arrays.copyOf(held, until);
                }
                in.get(held, length, size);
                length += size;
            }
        }
    }
}
