package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Scratch;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client written from docs/protocol.md, which opens streams with connections of their own, well and badly. */
@Timeout(60)
class StreamPeerTest {
    /** Says and reads lines on the stream "0", and bytes. */
    private static final class Peer implements AutoCloseable {
        private final SocketChannel channel;
        private final DataInputStream in;
        private final String hello;
        private boolean opened;

        Peer(Path socket) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            in = new DataInputStream(Channels.newInputStream(channel));
            hello = line();
        }

        String token() {
            int begin = hello.indexOf("\"streams\":\"") + "\"streams\":\"".length();
            return hello.substring(begin, hello.indexOf('"', begin));
        }

        Peer say(String line) throws IOException {
            byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
            ByteBuffer frame = ByteBuffer.allocate(text.length + 5);
            if (!opened) {
                opened = true;
                frame.put((byte) 0).put((byte) 0);
            }
            frame.put((byte) 2).put((byte) ((text.length & 0x7f) | 0x80)).put((byte) (text.length >> 7));
            raw(frame.put(text).flip());
            return this;
        }

        void raw(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        private int varint() throws IOException {
            int value = 0;
            int shift = 0;
            int next = in.readUnsignedByte();
            while (next > 0x7f) {
                value |= (next & 0x7f) << shift;
                shift += 7;
                next = in.readUnsignedByte();
            }
            return value | (next << shift);
        }

        /** The next line on "0"; a line is one frame here. */
        String line() throws IOException {
            while (true) {
                int header = varint();
                byte[] payload = new byte[varint()];
                in.readFully(payload);
                if (header == 2) {
                    return new String(payload, StandardCharsets.UTF_8).strip();
                }
            }
        }

        boolean ends() throws IOException {
            try {
                in.readByte();
                return false;
            } catch (EOFException | java.net.SocketException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private @Nullable Server server;

    @BeforeEach
    void serve() {
        server = scratch.lab()
                .autoClose(true)
                .linger(Duration.ofMillis(1))
                .build()
                .createServer()
                .listen();
    }

    @AfterEach
    void leave() {
        server().close();
        server().gone().join();
    }

    private Server server() {
        return Objects.requireNonNull(server);
    }

    private Peer connect() throws IOException {
        return new Peer(scratch.socket());
    }

    private Peer session() throws IOException {
        return connect().say("[\"hello\",[{\"autodaemon\":1,\"role\":\"client\",\"pid\":1}],2]");
    }

    private Peer attach(String token, String name) throws IOException {
        return connect().say("[\"stream\",[\"" + token + "\",\"" + name + "\"],2]");
    }

    private static ByteBuffer piece(int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length).putInt(length).put(bytes).flip();
    }

    /** The second transcript of the document. */
    @Test
    void theTranscriptIsTrue() throws Exception {
        try (Peer session = session();
                Peer stream = attach(session.token(), "2")) {
            assertThat(stream.line()).isEqualTo("[[null],2]");
            session.say("[\"open\",[\"2\",\"echo\",[],\"own\"],-1]");
            stream.raw(piece(2, "hi"));
            stream.raw(piece(0, ""));
            assertThat(stream.in.readInt()).isEqualTo(2);
            assertThat(stream.in.readNBytes(2)).asString().isEqualTo("hi");
            assertThat(stream.in.readInt()).isZero();
            assertThat(stream.ends()).isTrue();
        }
        server().gone().join();
    }

    @Test
    void aWrongTokenIsRefused() throws Exception {
        try (Peer stream = attach("00000000-0000-0000-0000-000000000000", "2")) {
            assertThat(stream.line()).contains("no such session");
        }
    }

    @Test
    void aNameTakenTwiceEndsTheSecond() throws Exception {
        try (Peer session = session();
                Peer first = attach(session.token(), "2")) {
            assertThat(first.line()).isEqualTo("[[null],2]");
            try (Peer second = attach(session.token(), "2")) {
                assertThat(second.line()).isEqualTo("[[null],2]");
                assertThat(second.ends()).isTrue();
            }
            session.say("[\"open\",[\"2\",\"echo\",[],\"own\"],-1]");
            first.raw(piece(2, "hi"));
            assertThat(first.in.readInt()).isEqualTo(2);
        }
    }

    @Test
    void aNegativeLengthEndsTheStreamAndNotTheSession() throws Exception {
        try (Peer session = session();
                Peer stream = attach(session.token(), "2")) {
            assertThat(stream.line()).isEqualTo("[[null],2]");
            session.say("[\"open\",[\"2\",\"echo\",[],\"own\"],-1]");
            stream.raw(piece(-1, "hi"));
            assertThat(stream.ends()).isTrue();
            session.say("[\"status\",[],7]");
            String line = session.line();
            while (!line.endsWith(",7]")) {
                line = session.line();
            }
        }
    }

    @Test
    void aStreamWithoutItsConnectionIsCancelled() throws Exception {
        try (Peer session = session()) {
            session.say("[\"open\",[\"2\",\"echo\",[],\"own\"],-1]");
            assertThat(session.line())
                    .contains("\"cancel\",[\"2\",\"no connection was made for the stream \\\"2\\\"\"]");
        }
    }

    /** It is no reference, and goes with its session. */
    @Test
    void aConnectionThatNeverOpensItsStreamKeepsNobody() throws Exception {
        Peer session = session();
        try (Peer stream = attach(session.token(), "2")) {
            assertThat(stream.line()).isEqualTo("[[null],2]");
            session.close();
            assertThat(stream.ends()).isTrue();
            server().gone().join();
        }
    }
}
