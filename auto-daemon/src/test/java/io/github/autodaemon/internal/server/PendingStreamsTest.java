package io.github.autodaemon.internal.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.fuzz.Said;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Workers;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections for streams that are opened late, or never. */
@Timeout(60)
class PendingStreamsTest {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(5);

    @TempDir
    Path directory;

    private static final class Echo implements ServiceAdapter {
        @Override
        public ClientCalls connected(ClientConnection session) {
            return new ClientCalls() {
                @Override
                public void call(Request request) {
                    request.succeed(null);
                }

                @Override
                public StreamTask stream(String method, List<@Nullable Object> args, ByteStream stream) {
                    return () -> {
                        stream.input().transferTo(stream.output());
                        stream.close();
                    };
                }

                @Override
                public void closed() {}
            };
        }

        @Override
        public void close() {}
    }

    /** A client that says lines on the stream "0", and bytes. */
    private static final class Peer implements AutoCloseable {
        private final SocketChannel channel;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        Peer(SocketPath socket) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
            write(ByteBuffer.wrap(Frame.of(0, Frame.NEW)));
        }

        void say(String line) throws IOException {
            write(ByteBuffer.wrap(Frame.of(0, Frame.DATA, (line + "\n").getBytes(UTF_8))));
        }

        void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /** False at the end. */
        boolean read() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            int count = channel.read(buffer);
            heard.write(buffer.array(), 0, Math.max(0, count));
            return count >= 0;
        }

        /** The line of this number on "0". */
        String line(int number) throws IOException {
            List<byte[]> lines = new Said(heard.toByteArray()).lines("0");
            while (lines.size() < number + 2) {
                if (!read()) {
                    throw new EOFException();
                }
                lines = new Said(heard.toByteArray()).lines("0");
            }
            return new String(lines.get(number), UTF_8);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static DaemonServer serve(SocketPath socket) throws IOException {
        DaemonServer server = new DaemonServer(
                new Echo(),
                Configs.of(1, false, Limits.DEFAULT),
                Map.of(),
                LaunchContext.foreground(line -> {}),
                INTERVAL,
                Workers.create(),
                null);
        server.listen(Address.reserve(socket, 0));
        server.serve();
        return server;
    }

    private static Peer attach(SocketPath socket, String token, String name) throws IOException {
        Peer stream = new Peer(socket);
        stream.say("[\"stream\",[\"" + token + "\",\"" + name + "\"],2]");
        assertThat(stream.line(1)).isEqualTo("[[null],2]");
        return stream;
    }

    private static String token(Peer session) throws IOException {
        String hello = session.line(0);
        int begin = hello.indexOf("\"streams\":\"") + "\"streams\":\"".length();
        return hello.substring(begin, hello.indexOf('"', begin));
    }

    /** Opens the stream, ends it, and reads what comes back, which is at most one piece. */
    private static String echo(Peer session, Peer stream, String name) throws IOException {
        session.say("[\"open\",[\"" + name + "\",\"echo\",[],\"own\"],-1]");
        stream.write(ByteBuffer.allocate(Integer.BYTES));
        ByteBuffer echoed = ByteBuffer.allocate(64);
        while (stream.channel.read(echoed) >= 0) {
            assertThat(echoed.hasRemaining()).isTrue();
        }
        echoed.flip();
        byte[] text = new byte[echoed.getInt()];
        echoed.get(text);
        return new String(text, UTF_8);
    }

    /**
     * Requests may take longer than it takes to find out that a client has given up another stream, whose name can be used again
     * then.
     */
    @Test
    void aConnectionIsKeptUntilItsClientGivesItUp() throws Exception {
        SocketPath socket = SocketPath.at(directory.resolve("s"));
        DaemonServer server = serve(socket);
        try (Peer session = new Peer(socket)) {
            session.say("[\"hello\",[{\"autodaemon\":1,\"role\":\"client\",\"pid\":1}],2]");
            String token = token(session);
            try (Peer early = attach(socket, token, "2");
                    Peer late = attach(socket, token, "3")) {
                early.write(ByteBuffer.allocate(6)
                        .putInt(2)
                        .put("hi".getBytes(UTF_8))
                        .flip());
                attach(socket, token, "4").close();
                // The loop looks at all three before it does this.
                CountDownLatch looked = new CountDownLatch(1);
                server.loop().after(4 * INTERVAL, looked::countDown);
                looked.await();
                try (Peer again = attach(socket, token, "4")) {
                    assertThat(echo(session, again, "4")).isEmpty();
                }
                assertThat(echo(session, early, "2")).isEqualTo("hi");
                assertThat(echo(session, late, "3")).isEmpty();
            }
        }
        server.retire(Reason.closed());
        server.gone().get();
    }
}
