package io.github.autodaemon.front;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A daemon, as far as the front can see it: the test says what it does next. */
final class FakeDaemon implements AutoCloseable {
    static final String FINGERPRINT = "1a2b3c";

    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int READ = 3;
    static final int TERMINAL = 4;
    static final int HANDLED = 5;
    static final int EXIT = 9;

    static final int STDIN = 1;
    static final int SIGNAL = 2;
    static final int SIZE = 3;
    static final int CLOSED = 4;

    private final ServerSocketChannel server;

    FakeDaemon(Path socket) throws IOException {
        this(socket, 0);
    }

    FakeDaemon(Path socket, int backlog) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), backlog);
    }

    /** The next front. */
    Front next() throws IOException {
        return new Front(server.accept());
    }

    /** The next front, which is greeted, and whose command is accepted. */
    Front accept() throws IOException {
        Front front = next();
        front.hello();
        front.command();
        front.accepted();
        return front;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** A line in a frame of channel 0. */
    static byte[] frame(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return join(new byte[] {2}, varint(bytes.length), bytes);
    }

    static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long rest = value; ; rest >>>= 7) {
            out.write((int) (rest > 0x7f ? (rest & 0x7f) | 0x80 : rest));
            if (rest <= 0x7f) {
                return out.toByteArray();
            }
        }
    }

    static byte[] greeting() {
        return greeting(FINGERPRINT);
    }

    static byte[] greeting(String fingerprint) {
        return join(
                new byte[] {0, 0},
                frame("[\"hello\",[{\"autodaemon\":1,\"role\":\"daemon\",\"pid\":1,\"fingerprint\":\"" + fingerprint
                        + "\",\"id\":\"x\"}],-1]"));
    }

    static byte[] acceptance() {
        return frame("[[null],2]");
    }

    static byte[] piece(int type, byte... data) {
        return ByteBuffer.allocate(5 + data.length)
                .put((byte) type)
                .putInt(data.length)
                .put(data)
                .array();
    }

    static byte[] read(int most) {
        return piece(READ, ByteBuffer.allocate(4).putInt(most).array());
    }

    static byte[] exit(int code, int signal, long consumed) {
        return piece(
                EXIT,
                ByteBuffer.allocate(10)
                        .put((byte) code)
                        .put((byte) signal)
                        .putLong(consumed)
                        .array());
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** A piece of the front's. */
    static final class Piece {
        private final int type;
        private final byte[] data;

        private Piece(int type, byte[] data) {
            this.type = type;
            this.data = data;
        }

        int type() {
            return type;
        }

        byte[] data() {
            return data;
        }

        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }

        /** For comparisons: the type and each byte. */
        String all() {
            StringBuilder all = new StringBuilder().append(type);
            for (byte b : data) {
                all.append(' ').append(b & 0xff);
            }
            return all.toString();
        }
    }

    /** The connection of a front. */
    static final class Front implements AutoCloseable {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(1 << 16).flip();

        private Front(SocketChannel channel) {
            this.channel = channel;
        }

        void send(byte[]... parts) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(join(parts));
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        void hello() throws IOException {
            send(greeting());
        }

        void accepted() throws IOException {
            send(acceptance());
        }

        /** What stands between the brackets of the command. */
        JsonObject command() throws IOException {
            return parse(commandLine());
        }

        static JsonObject parse(String line) {
            JsonArray request = JsonParser.parseString(line).getAsJsonArray();
            if (!request.get(0).getAsString().equals("command")
                    || request.get(2).getAsInt() != 2) {
                throw new IllegalStateException(line);
            }
            return request.get(1).getAsJsonArray().get(0).getAsJsonObject();
        }

        /** The command's line, of which each byte around it is as it has to be. */
        String commandLine() throws IOException {
            byte[] begin = bytes(3);
            if (begin[0] != 0 || begin[1] != 0 || begin[2] != 2) {
                throw new IllegalStateException("other frames than those of a command");
            }
            int length = 0;
            for (int shift = 0; ; shift += 7) {
                int b = bytes(1)[0];
                length |= (b & 0x7f) << shift;
                if (b >= 0) {
                    break;
                }
            }
            String line = new String(bytes(length), StandardCharsets.UTF_8);
            if (!line.endsWith("\n") || line.indexOf('\n') != line.length() - 1) {
                throw new IllegalStateException("not a line: " + line);
            }
            return line;
        }

        /** The next piece; null at the end. */
        Piece piece() throws IOException {
            if (!in.hasRemaining() && !fill()) {
                return null;
            }
            int type = bytes(1)[0];
            return new Piece(type, bytes(ByteBuffer.wrap(bytes(4)).getInt()));
        }

        private byte[] bytes(int count) throws IOException {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; ) {
                if (!in.hasRemaining() && !fill()) {
                    throw new EOFException();
                }
                int some = Math.min(in.remaining(), count - i);
                in.get(bytes, i, some);
                i += some;
            }
            return bytes;
        }

        private boolean fill() throws IOException {
            int count = -1;
            in.clear();
            try {
                count = channel.read(in);
            } catch (SocketException e) {
                // It has gone before it had read all that was sent, which is an end, too.
                if (!"Connection reset".equals(e.getMessage())) {
                    throw e;
                }
            }
            in.flip();
            return count > 0;
        }

        /** Ends the command, and sees the front go without another piece. */
        void exit(int code) throws IOException {
            end(FakeDaemon.exit(code, 0, 0));
        }

        /** The last bytes. */
        void end(byte[]... parts) throws IOException {
            send(parts);
            Piece more = piece();
            if (more != null) {
                throw new IllegalStateException("one more piece: " + more.all());
            }
            close();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
