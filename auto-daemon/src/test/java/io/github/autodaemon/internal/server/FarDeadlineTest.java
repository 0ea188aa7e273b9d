package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import java.lang.ref.WeakReference;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that makes a call with a deadline in many years and leaves. */
@Timeout(60)
class FarDeadlineTest {
    @TempDir
    Path directory;

    private final BlockingQueue<WeakReference<ClientConnection>> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> called = new LinkedBlockingQueue<>();

    /** A service that answers nothing. */
    private final class Silent implements ServiceAdapter, ClientCalls {
        @Override
        public ClientCalls connected(ClientConnection session) {
            connected.add(new WeakReference<>(session));
            return this;
        }

        @Override
        public void call(Request request) {
            called.add(request.name());
        }

        @Override
        public StreamTask stream(String method, List<@Nullable Object> args, ByteStream stream) {
            throw new IllegalStateException("there are no streams");
        }

        @Override
        public void closed() {}

        @Override
        public void close() {}
    }

    @Test
    void nothingOfItIsKept() throws Exception {
        DaemonServer server = new DaemonServer(
                new Silent(), Configs.of(1, false, Limits.DEFAULT), Map.of(), LaunchContext.foreground(line -> {}));
        SocketPath socket = SocketPath.at(directory.resolve("s"));
        server.listen(Address.reserve(socket, 0));
        server.serve();
        byte[] line = "[{\"timeout\":100000000000},\"wait\",[],2]\n".getBytes(StandardCharsets.UTF_8);
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
            ByteBuffer said = ByteBuffer.allocate(100);
            said.put(new byte[] {0x08, 0, 0x0a, (byte) line.length}).put(line).flip();
            client.write(said);
            assertThat(called.take()).isEqualTo("wait");
        }
        WeakReference<ClientConnection> session = connected.take();
        while (session.get() != null) {
            System.gc();
            assertThat(Thread.interrupted()).as("time is up").isFalse();
        }
        server.retire(Reason.closed());
        assertThat(server.gone().get()).isEqualTo(Reason.closed());
    }
}
