package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two ends of one connection inside this process, non-blocking. Java has no {@code socketpair(2)}; for a moment the pair
 * has a name, in a directory that only this user can enter.
 */
public record SocketPair(SocketChannel client, SocketChannel server) {
    /** A new pair. */
    public static SocketPair create() throws IOException {
        Path directory = Files.createTempDirectory("ad");
        Path path = directory.resolve("s");
        SocketChannel client = null;
        SocketChannel server = null;
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            client = SocketChannel.open(UnixDomainSocketAddress.of(path));
            server = listener.accept();
            client.configureBlocking(false);
            server.configureBlocking(false);
            return new SocketPair(client, server);
        } finally {
            if (server == null && client != null) {
                client.close();
            }
            Files.deleteIfExists(path);
            Files.delete(directory);
        }
    }
}
