package io.github.autodaemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.fuzz.Said;
import io.github.autodaemon.testing.Scratch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** A client that says what it likes, byte by byte, and reads if it likes. */
final class RawPeer implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    RawPeer(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    /** The two reserved channels, opened. */
    static byte[] opening() {
        return joined(Frame.of(0, Frame.NEW), Frame.of(1, Frame.NEW));
    }

    static byte[] control(String line) {
        return Frame.of(0, Frame.DATA, (line + "\n").getBytes(UTF_8));
    }

    static byte[] call(String line) {
        return Frame.of(1, Frame.DATA, (line + "\n").getBytes(UTF_8));
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Sends all of it; false when the daemon has hung up. */
    boolean send(byte... bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            channel.configureBlocking(true);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends what the socket takes and returns how much that was. */
    int offer(ByteBuffer bytes) throws IOException {
        channel.configureBlocking(false);
        return channel.write(bytes);
    }

    /** Reads until the daemon hangs up. */
    void awaitEnd() throws IOException {
        channel.configureBlocking(true);
        boolean more = true;
        while (more) {
            more = read();
        }
    }

    /** Reads without end, on a thread of its own. */
    RawPeer reading() {
        Scratch.inThread(() -> {
            try {
                int count = 0;
                while (count >= 0) {
                    count = channel.read(ByteBuffer.allocate(1 << 16));
                }
            } catch (IOException e) {
                // It was closed, by this side or by the other.
                return;
            }
        });
        return this;
    }

    /** The line of this number on the daemon's channel of calls; fails when it hangs up before. */
    String answer(int number) throws IOException {
        List<byte[]> lines = new Said(heard.toByteArray()).lines("1");
        while (lines.size() < number + 2) {
            if (!read()) {
                throw new IOException("the daemon hung up");
            }
            lines = new Said(heard.toByteArray()).lines("1");
        }
        return new String(lines.get(number), UTF_8);
    }

    /** The first {@code length} bytes on the daemon's side of this stream, none of them a line feed; fails when it hangs up before. */
    String text(String stream, int length) throws IOException {
        byte[] text = new Said(heard.toByteArray()).lines(stream).get(0);
        while (text.length < length) {
            if (!read()) {
                throw new IOException("the daemon hung up after " + new String(text, UTF_8));
            }
            text = new Said(heard.toByteArray()).lines(stream).get(0);
        }
        return new String(text, UTF_8);
    }

    private boolean read() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            int count = channel.read(buffer);
            heard.write(buffer.array(), 0, Math.max(0, count));
            return count >= 0;
        } catch (IOException e) {
            // What this side had sent was not read: the kernel calls that a reset.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
