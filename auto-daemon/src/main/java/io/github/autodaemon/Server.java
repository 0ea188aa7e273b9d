package io.github.autodaemon;

import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.server.Address;
import io.github.autodaemon.internal.server.DaemonServer;
import io.github.autodaemon.internal.server.Reason;
import io.github.autodaemon.internal.server.ServerSettings;
import io.github.autodaemon.internal.server.Surroundings;
import io.github.autodaemon.internal.server.TakenException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Serves a service on a socket, in this process. A daemon has one; a program that rather runs the service in the
 * foreground makes one with {@link AutoDaemon#createServer()}. Any thread may use it.
 */
public final class Server implements AutoCloseable {
    private static final long FIRST_MESSAGE = TimeUnit.SECONDS.toNanos(10);

    private final DaemonServer server;
    private final SocketPath socket;
    private final @Nullable Path pidFile;
    private final CompletableFuture<Path> ready = new CompletableFuture<>();
    private final CompletableFuture<Reason> gone;

    private Server(
            Service<?> service,
            InterfacePlan plan,
            Description description,
            SocketPath socket,
            Surroundings surroundings)
            throws IOException {
        this.socket = socket;
        this.pidFile = description.pidFile() == null ? null : Path.of(description.pidFile());
        this.server = new DaemonServer(
                new ServiceHost(service, plan, description.args(), this),
                new ServerSettings(
                        description.autoClose(),
                        TimeUnit.MILLISECONDS.toNanos(description.lingerMillis()),
                        TimeUnit.MILLISECONDS.toNanos(description.idleMillis()),
                        description.exclusive(),
                        description.concurrency(),
                        description.errorFirst(),
                        description.allowRoot(),
                        description.limits(),
                        FIRST_MESSAGE,
                        description.identity(),
                        surroundings));
        this.gone = server.gone().thenApply(new UnaryOperator<Reason>() {
            @Override
            public Reason apply(Reason reason) {
                // After the process has ended, its number may become another's.
                deletePidFile();
                return reason;
            }
        });
    }

    static Server of(
            Service<?> service,
            InterfacePlan plan,
            Description description,
            SocketPath socket,
            Surroundings surroundings)
            throws IOException {
        plan.open();
        return new Server(service, plan, description, socket, surroundings);
    }

    /**
     * Begins to listen on the description's socket, and writes the process id to the description's pid file. A socket
     * that a dead daemon left behind is replaced; a live one is never disturbed.
     *
     * @return this server
     * @throws AddressInUseException when a live instance holds the socket; names its process id
     * @throws UnreachableException when something else is at the path, or its directory is not safe
     */
    public Server listen() {
        listen(TimeUnit.SECONDS.toNanos(1), null);
        return this;
    }

    /**
     * Serves on a listening socket that this process was given by its caller, such as {@link System#inheritedChannel()}: for
     * systemd. It must be bound to the description's socket. Its file is left to the caller.
     *
     * @return this server
     * @throws IllegalArgumentException when the socket is bound elsewhere
     * @throws AddressInUseException when a live instance serves at this socket; names its process id
     * @throws UnreachableException when the socket's file is gone, or its directory is not safe
     */
    public Server listen(ServerSocketChannel given) {
        try {
            if (!(given.getLocalAddress() instanceof UnixDomainSocketAddress bound)
                    || !SocketPath.at(bound.getPath()).path().equals(socket.path())) {
                throw new IllegalArgumentException(
                        "the given socket is bound to " + given.getLocalAddress() + ", and not to " + socket);
            }
        } catch (IOException e) {
            throw fail(new UnreachableException("cannot listen: " + PrivateFiles.reason(e), e));
        }
        listen(TimeUnit.SECONDS.toNanos(1), given);
        return this;
    }

    private void listen(long patienceNanos, @Nullable ServerSocketChannel given) {
        try {
            listen(reserve(patienceNanos, given));
            serve();
        } catch (TakenException e) {
            throw fail(inUse(e));
        } catch (IOException e) {
            server.retire(Reason.failed());
            throw fail(new UnreachableException("cannot listen: " + PrivateFiles.reason(e), e));
        }
    }

    private Address reserve(long patienceNanos, @Nullable ServerSocketChannel given) throws IOException {
        Address address = Address.reserve(socket, patienceNanos);
        boolean reserved = false;
        try {
            if (given != null) {
                address.adopt(given);
            }
            reserved = true;
            return address;
        } finally {
            if (!reserved) {
                address.close();
            }
        }
    }

    void listen(Address address) throws IOException {
        server.listen(address);
        if (pidFile != null) {
            PrivateFiles.replace(
                    pidFile.toAbsolutePath(),
                    Long.toString(ProcessHandle.current().pid()));
        }
    }

    void serve() {
        server.serve();
        ready.complete(socket.path());
    }

    static AddressInUseException inUse(TakenException e) {
        return new AddressInUseException(PrivateFiles.reason(e), e.pid());
    }

    private <E extends AutoDaemonException> E fail(E e) {
        ready.completeExceptionally(e);
        return e;
    }

    private void deletePidFile() {
        try {
            Path file = pidFile;
            if (file != null
                    && Long.toString(ProcessHandle.current().pid()).equals(PrivateFiles.readIfOwn(file, 100))) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println(
                    "auto-daemon: the pid file " + pidFile + " could not be deleted: " + PrivateFiles.reason(e));
        }
    }

    /** Completes, with the socket's path, when the server listens and the pid file is written. */
    public CompletableFuture<Path> ready() {
        return ready;
    }

    /** The socket's path. */
    public Path socket() {
        return socket.path();
    }

    /**
     * Stops accepting connections and gives up the socket, so that the next client starts a fresh daemon. Connections
     * that exist go on, without a bound; when the last has ended, the server is gone. The second call has no effect.
     */
    @Override
    public void close() {
        server.retire(Reason.closed());
    }

    /**
     * Stops accepting connections as {@link #close()} does, ends each connection when its running calls are over, and waits
     * until the server is gone.
     *
     * @param patience how long to wait
     * @return false when it is not gone by then
     */
    public boolean stop(Duration patience) {
        server.drain(Reason.ended());
        try {
            gone.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The server behind this one. */
    DaemonServer server() {
        return server;
    }

    void retire(Reason reason) {
        server.retire(reason);
    }

    void drain(Reason reason) {
        server.drain(reason);
    }

    CompletableFuture<Reason> goneBecause() {
        return gone;
    }

    /** Completes, with the reason, when the server has stopped accepting, no connection is left, and the service is closed. */
    public CompletableFuture<String> gone() {
        return gone.thenApply(Reason::text);
    }
}
