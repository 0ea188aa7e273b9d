package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.AddressInUseException;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Program;
import io.github.autodaemon.Server;
import io.github.autodaemon.Service;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.server.Address;
import io.github.autodaemon.internal.server.DaemonServer;
import io.github.autodaemon.internal.server.LaunchContext;
import io.github.autodaemon.internal.server.Reason;
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

/** A {@link Server} of a service. Any thread may use this object. */
public final class ServiceServer implements Server {
    private final DaemonServer server;
    private final SocketPath socket;
    private final @Nullable Path pidFile;
    private final CompletableFuture<Path> ready = new CompletableFuture<>();
    private final CompletableFuture<Reason> gone;

    private ServiceServer(
            Object service, InterfacePlan plan, DaemonConfig config, SocketPath socket, LaunchContext context)
            throws IOException {
        this.socket = socket;
        this.pidFile = config.pidFile();
        this.server = new DaemonServer(
                new ServiceHost(service, plan, config.args(), this),
                config,
                config.identity(service.getClass().getName()),
                context);
        this.gone = server.gone().thenApply(new UnaryOperator<Reason>() {
            @Override
            public Reason apply(Reason reason) {
                // After the process has ended, its process id may be reused.
                deletePidFile();
                return reason;
            }
        });
    }

    /** A server of a {@link Service}, of a {@link Program}, or of an object that is both. */
    public static ServiceServer of(
            Object service, InterfacePlan plan, DaemonConfig config, SocketPath socket, LaunchContext context)
            throws IOException {
        plan.open();
        return new ServiceServer(service, plan, config, socket, context);
    }

    @Override
    public Server listen() {
        listen(TimeUnit.SECONDS.toNanos(1), null);
        return this;
    }

    @Override
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
            PrivateFiles.replace(pidFile, Long.toString(ProcessHandle.current().pid()));
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

    @Override
    public CompletableFuture<Path> ready() {
        return ready;
    }

    @Override
    public Path socket() {
        return socket.path();
    }

    @Override
    public void close() {
        server.retire(Reason.closed());
    }

    @Override
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

    /** The internal server of this object. */
    public DaemonServer server() {
        return server;
    }

    void retire(Reason reason) {
        server.retire(reason);
    }

    public void drain(Reason reason) {
        server.drain(reason);
    }

    CompletableFuture<Reason> goneBecause() {
        return gone;
    }

    @Override
    public CompletableFuture<String> gone() {
        return gone.thenApply(Reason::text);
    }
}
