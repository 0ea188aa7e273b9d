package io.github.autodaemon.internal.command;

import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The caller's standard streams, as pieces on the command's connection. Standard input is asked for when it is read, as
 * much as the reader wants, and twice as much each time while the answers are full: what nobody reads is left to the
 * caller.
 */
final class CallerStreams {
    /** A piece with its header fills one run of pages in Linux (UNIX_SKB_FRAGS_SZ). */
    private static final int PIECE = 32 * 1024 - Piece.HEADER;

    /** Unsent bytes past which a writer waits. */
    private static final int OUTPUT_LIMIT = 32 * 1024;

    private final Wire wire;
    private final Monitor monitor;
    private final Input in = new Input();

    // Guarded by the monitor.
    private ByteBuffer received = ByteBuffer.allocate(0);
    private boolean asked;
    private int window;
    private boolean full;
    private boolean ended;
    private long consumed;
    private final int[] errors = new int[Piece.STDERR + 1];
    private @Nullable String over;

    private final BooleanSupplier readable = new BooleanSupplier() {
        @Override
        public boolean getAsBoolean() {
            return received.hasRemaining() || ended || over != null;
        }
    };
    /** The answer may have been for another reader. */
    private final BooleanSupplier readableOrFree = new BooleanSupplier() {
        @Override
        public boolean getAsBoolean() {
            return !asked || readable.getAsBoolean();
        }
    };

    private final BooleanSupplier writable = new BooleanSupplier() {
        @Override
        public boolean getAsBoolean() {
            return over != null || wire.queued() < OUTPUT_LIMIT;
        }
    };

    CallerStreams(Wire wire, Monitor monitor) {
        this.wire = wire;
        this.monitor = monitor;
    }

    InputStream in() {
        return in;
    }

    /** An output; {@code type} is that of its pieces. */
    OutputStream out(int type) {
        return new Output(type);
    }

    /** Sends a piece, if the caller is still there. */
    void send(byte[] piece) {
        monitor.lock();
        try {
            if (over == null) {
                wire.write(piece, 0, piece.length);
                wire.flush();
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Bytes of standard input that the program has taken. The monitor is held. */
    long consumed() {
        return consumed;
    }

    // From the connection, with the monitor held.

    void received(ByteBuffer data) throws ProtocolException {
        if (!asked || data.remaining() > window) {
            throw new ProtocolException(data.remaining() + " bytes of standard input that were not asked for");
        }
        asked = false;
        full = data.remaining() == window;
        ended = !data.hasRemaining();
        received = ByteBuffer.allocate(data.remaining()).put(data).flip();
        monitor.signalAll();
    }

    void outputClosed(int type, int error) throws ProtocolException {
        if (type != Piece.STDOUT && type != Piece.STDERR) {
            throw new ProtocolException("there is no output " + type);
        }
        errors[type] = error == 0 ? -1 : error;
    }

    /** No stream works any more; {@code why} in words. */
    void end(String why) {
        if (over == null) {
            over = why;
        }
        monitor.signalAll();
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            monitor.lock();
            try {
                while (!readable.getAsBoolean()) {
                    if (!asked) {
                        ask(length);
                    }
                    monitor.await(readableOrFree, Long.MAX_VALUE);
                }
                if (received.hasRemaining()) {
                    int size = Math.min(length, received.remaining());
                    received.get(into, offset, size);
                    consumed += size;
                    return size;
                }
                if (over != null) {
                    throw new IOException(over);
                }
                // As read(2): a terminal goes on after its user has typed the end.
                ended = false;
                return -1;
            } catch (InterruptedException e) {
                throw interrupted();
            } finally {
                monitor.unlock();
            }
        }

        private void ask(int length) {
            window = Math.min(Piece.MAX_READ, Math.max(length, full ? 2 * window : 0));
            asked = true;
            byte[] piece = ByteBuffer.allocate(Piece.HEADER + Integer.BYTES)
                    .put((byte) Piece.READ)
                    .putInt(Integer.BYTES)
                    .putInt(window)
                    .array();
            wire.write(piece, 0, piece.length);
            wire.flush();
        }

        @Override
        public int available() {
            monitor.lock();
            try {
                return received.remaining();
            } finally {
                monitor.unlock();
            }
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("the command was cancelled");
    }

    private final class Output extends OutputStream {
        private final int type;
        private final ByteBuffer piece = ByteBuffer.allocate(Piece.HEADER + PIECE);

        Output(int type) {
            this.type = type;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, from.length);
            monitor.lock();
            try {
                for (int written = 0; written < length; ) {
                    monitor.await(writable, Long.MAX_VALUE);
                    check();
                    int size = Math.min(PIECE, length - written);
                    piece.clear().put((byte) type).putInt(size).put(from, offset + written, size);
                    wire.write(piece.array(), 0, piece.position());
                    wire.flush();
                    written += size;
                }
            } catch (InterruptedException e) {
                throw interrupted();
            } finally {
                monitor.unlock();
            }
        }

        private void check() throws IOException {
            if (over != null) {
                throw new IOException(over);
            }
            if (errors[type] != 0) {
                throw new IOException("the caller's " + (type == Piece.STDOUT ? "standard output" : "standard error")
                        + " takes no more (errno " + errors[type] + ")");
            }
        }
    }
}
