package io.github.autodaemon;

import io.github.autodaemon.internal.server.Address;
import io.github.autodaemon.internal.server.DaemonServer;
import io.github.autodaemon.internal.server.Reason;
import io.github.autodaemon.internal.server.ServerSettings;
import io.github.autodaemon.internal.server.Surroundings;
import io.github.autodaemon.internal.server.TakenException;
import io.github.autodaemon.internal.socket.PrivateFiles;
import io.github.autodaemon.internal.socket.SocketPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        this.gone = server.gone().thenApply(reason -> {
            // After the process has ended, its number may become another's.
            deletePidFile();
            return reason;
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
        listen(TimeUnit.SECONDS.toNanos(1));
        return this;
    }

    private void listen(long patienceNanos) {
        try {
            listen(Address.reserve(socket, patienceNanos));
            serve();
        } catch (TakenException e) {
            throw fail(inUse(e));
        } catch (IOException e) {
            server.retire(Reason.failed());
            throw fail(new UnreachableException("cannot listen: " + e.getMessage(), e));
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
        return new AddressInUseException(e.getMessage() == null ? e.toString() : e.getMessage(), e.pid());
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
            System.err.println("auto-daemon: the pid file " + pidFile + " could not be deleted: " + e.getMessage());
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
