package io.github.autodaemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** A client that says what it likes, byte by byte, and understands the answers to calls. */
final class RawClient implements AutoCloseable {
    static final int NEW = 0;
    static final int DATA = 2;
    static final int END = 4;
    static final int RESET_BY_RECEIVER = 5;
    static final int RESET = 6;

    /** The channel of calls. */
    static final int CALLS = 1;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> lines = new ArrayDeque<>();

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** Opens the channel of calls. */
    RawClient opened() throws IOException {
        return frame(CALLS, NEW);
    }

    /** Sends bytes. */
    RawClient raw(byte... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    /** Sends a frame. */
    RawClient frame(long number, int type, byte... payload) throws IOException {
        return raw(header(number, type, payload.length)).raw(payload);
    }

    /** Sends text on the channel of calls. */
    RawClient text(String text) throws IOException {
        return frame(CALLS, DATA, text.getBytes(UTF_8));
    }

    /** The header of a frame, which may lie about the length. */
    static byte[] header(long number, int type, long length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, (number << 3) | type);
        varint(out, length);
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private long varint() throws IOException {
        long value = 0;
        int shift = 0;
        int next = in.readUnsignedByte();
        while (next > 0x7f) {
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
            next = in.readUnsignedByte();
        }
        return value | ((long) next << shift);
    }

    /** The next line on the daemon's channel of calls; null when the daemon has closed the connection. */
    String reply() throws IOException {
        try {
            while (lines.isEmpty()) {
                readFrame();
            }
        } catch (EOFException e) {
            return null;
        }
        return lines.remove();
    }

    private void readFrame() throws IOException {
        long header = varint();
        byte[] payload = new byte[(int) varint()];
        in.readFully(payload);
        if (header != ((CALLS << 3) | DATA)) {
            return;
        }
        for (byte b : payload) {
            if (b == '\n') {
                lines.add(line.toString(UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }

    /** Reads until the daemon closes the connection, whatever comes. */
    void awaitClosed() throws IOException {
        try (InputStream rest = in) {
            rest.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.net.SocketException e) {
            // What we had sent was not read: the kernel reports that as a reset. Closed it is.
            assert e.getMessage() != null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
