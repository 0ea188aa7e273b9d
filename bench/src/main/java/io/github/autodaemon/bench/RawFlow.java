package io.github.autodaemon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Bytes from one JVM to another over a Unix socket and nothing else, with blocking channels. */
final class RawFlow implements AutoCloseable {
    /** What a write gives at once, and a read takes at most. */
    static final int BLOCK = 64 * 1024;

    private static final int REQUEST = Long.BYTES + 1;

    private final Path home = Commands.directory();
    private final Process server;

    /** Starts the other JVM. */
    RawFlow() throws IOException {
        server = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RawFlow.class.getName(),
                        home.resolve("s").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        if (!"ready".equals(out.readLine())) {
            throw new IOException("the other JVM did not start");
        }
    }

    /** Serves connections, one after the other, on the socket that the argument names, until one asks for nothing. */
    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
            System.out.println("ready");
            boolean more = true;
            while (more) {
                try (SocketChannel channel = listener.accept()) {
                    ByteBuffer request = ByteBuffer.allocate(REQUEST);
                    while (request.hasRemaining() && channel.read(request) >= 0) {
                        // Until it is whole.
                    }
                    request.flip();
                    more = request.remaining() == REQUEST;
                    if (more) {
                        give(channel, request.getLong(), block(request.get() == 1));
                    }
                }
            }
        }
    }

    private static ByteBuffer block(boolean direct) {
        return direct ? ByteBuffer.allocateDirect(BLOCK) : ByteBuffer.allocate(BLOCK);
    }

    private static void give(SocketChannel channel, long count, ByteBuffer block) throws IOException {
        for (long left = count; left > 0; left -= BLOCK) {
            block.clear().limit((int) Math.min(left, BLOCK));
            RawEcho.send(channel, block);
        }
    }

    /** Reads so many bytes on a fresh connection. */
    long read(long count, boolean direct) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("s")))) {
            RawEcho.send(
                    channel,
                    ByteBuffer.allocate(REQUEST)
                            .putLong(count)
                            .put((byte) (direct ? 1 : 0))
                            .flip());
            ByteBuffer block = block(direct);
            long all = 0;
            for (int size = channel.read(block); size >= 0; size = channel.read(block.clear())) {
                all += size;
            }
            return all;
        }
    }

    @Override
    public void close() throws IOException {
        SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("s"))).close();
        server.onExit().join();
        Commands.delete(home);
    }
}
