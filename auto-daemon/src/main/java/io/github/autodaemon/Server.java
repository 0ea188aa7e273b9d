package io.github.autodaemon;

import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Serves a service on a socket, in this process. A daemon has one server; a program that runs the service in the
 * foreground makes a server with {@link AutoDaemon#createServer()}. Any thread may use this object.
 */
public interface Server extends AutoCloseable {
    /**
     * Begins to listen on the description's socket, and writes the process id to the description's pid file. A socket
     * that a dead daemon left behind is replaced; a live daemon is never disturbed.
     *
     * @return this server
     * @throws AddressInUseException when a live instance holds the socket; names its process id
     * @throws UnreachableException when the path names another kind of file, or its directory is not safe
     */
    Server listen();

    /**
     * Serves on a listening socket that this process got from its parent, such as {@link System#inheritedChannel()}:
     * for systemd. The given socket must be bound to the description's socket path. The parent keeps the socket's file.
     *
     * @return this server
     * @throws IllegalArgumentException when the socket is bound elsewhere
     * @throws AddressInUseException when a live instance serves at this socket; names its process id
     * @throws UnreachableException when the socket's file is gone, or its directory is not safe
     */
    Server listen(ServerSocketChannel given);

    /** Completes, with the socket's path, when the server listens and the pid file is written. */
    CompletableFuture<Path> ready();

    /** The socket's path. */
    Path socket();

    /**
     * Stops accepting connections and gives up the socket, so that the next client starts a fresh daemon. Connections
     * that exist go on, without a bound; when the last has ended, the server is gone. The second call has no effect.
     */
    @Override
    void close();

    /**
     * Stops accepting connections as {@link #close()} does, ends each connection when its running calls are over, and
     * waits until the server is gone.
     *
     * @param patience how long to wait
     * @return false when the server is not gone by then
     */
    boolean stop(Duration patience);

    /** Completes, with the reason, when the server has stopped accepting, no connection is left, and the service is closed. */
    CompletableFuture<String> gone();
}
