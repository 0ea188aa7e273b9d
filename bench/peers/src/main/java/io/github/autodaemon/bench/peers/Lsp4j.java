package io.github.autodaemon.bench.peers;

import io.github.autodaemon.bench.peer.Item;
import io.github.autodaemon.bench.peer.Peer;
import io.github.autodaemon.bench.peer.Serving;
import io.github.autodaemon.bench.peer.Window;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;

/** LSP4J's JSON-RPC over the JDK's Unix sockets, buffered on both sides. */
@SuppressWarnings("FutureReturnValueIgnored") // What listens does so until the connection ends.
public final class Lsp4j implements Peer {
    /** The service, as LSP4J wants it. */
    public interface Remote {
        /** Adds. */
        @JsonRequest
        CompletableFuture<Long> add(long n);

        /** Gives it back. */
        @JsonRequest
        CompletableFuture<String> text(String text);

        /** Gives it back. */
        @JsonRequest
        CompletableFuture<Item> item(Item item);
    }

    /** What a server may ask of its client: nothing. */
    public interface Client {}

    private final SocketChannel channel;
    private final Remote remote;

    /** Connects. */
    public Lsp4j(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        Launcher<Remote> launcher = Launcher.createLauncher(new Object(), Remote.class, in(channel), out(channel));
        launcher.startListening();
        remote = launcher.getRemoteProxy();
    }

    /** The command: {@code Lsp4j SOCKET N}. */
    public static void main(String[] args) throws Exception {
        try (Lsp4j peer = new Lsp4j(Path.of(args[0]))) {
            System.out.println(peer.add(Long.parseLong(args[1])));
        }
        // Its pool would keep the JVM for a minute; an exit takes longer than a halt.
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** The server: {@code Lsp4j$Server SOCKET}. */
    public static final class Server {
        private Server() {}

        /** Runs until its input ends. */
        public static void main(String[] args) throws IOException {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
            AtomicLong sum = new AtomicLong();
            Thread acceptor = new Thread(() -> {
                try {
                    while (true) {
                        SocketChannel channel = listener.accept();
                        Launcher.createLauncher(new Local(sum), Client.class, in(channel), out(channel))
                                .startListening();
                    }
                } catch (IOException e) {
                    System.err.println("no more connections: " + e);
                }
            });
            acceptor.setDaemon(true);
            acceptor.start();
            Serving.untilInputEnds();
        }
    }

    private record Local(AtomicLong sum) implements Remote {
        @Override
        public CompletableFuture<Long> add(long n) {
            return CompletableFuture.completedFuture(sum.addAndGet(n));
        }

        @Override
        public CompletableFuture<String> text(String text) {
            return CompletableFuture.completedFuture(text);
        }

        @Override
        public CompletableFuture<Item> item(Item item) {
            return CompletableFuture.completedFuture(item);
        }
    }

    /** The JDK's own streams on one channel block each other on 17. */
    private static InputStream in(SocketChannel channel) {
        return new BufferedInputStream(new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return channel.read(ByteBuffer.wrap(bytes, offset, length));
            }
        });
    }

    private static OutputStream out(SocketChannel channel) {
        return new BufferedOutputStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        });
    }

    @Override
    public long add(long n) {
        return remote.add(n).join();
    }

    @Override
    public void pipelined(int calls, int outstanding) throws Exception {
        Window.run(calls, outstanding, remote::add);
    }

    @Override
    public String text(String text) {
        return remote.text(text).join();
    }

    @Override
    public Item item(Item item) {
        return remote.item(item).join();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
