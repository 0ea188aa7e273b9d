package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.IncompatibleException;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.ConfigCheck;
import io.github.autodaemon.internal.launch.Fingerprint;
import io.github.autodaemon.internal.launch.Targets;
import io.github.autodaemon.internal.net.SocketPair;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.server.Reason;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Services that run in the process that uses them. All descriptions of one socket share one service, as they would
 * share a daemon, and arguments and results are JSON here too. The services are closed when the process ends.
 */
public final class InProcess {
    private static final Map<Path, InProcess> RUNNING = new ConcurrentHashMap<>();

    /**
     * The locks, by socket, that are held while a service is made: the new service may use the services of other
     * sockets meanwhile.
     */
    private static final Map<Path, Object> PLACES = new ConcurrentHashMap<>();

    private static final long LOCK_POLL_MILLIS = 5;

    private static final AtomicBoolean HOOKED = new AtomicBoolean();

    private final ServiceServer server;
    private final String digest;
    private final long drainMillis;

    private InProcess(ServiceServer server, String digest, long drainMillis) {
        this.server = server;
        this.digest = digest;
        this.drainMillis = drainMillis;
    }

    /** Makes a server. */
    public interface Maker {
        ServiceServer make();
    }

    /**
     * Connects to the service in this process, and makes the service first unless there is one.
     *
     * @param fingerprint the fingerprint that the service must have; null for any, when no service is to be made
     * @return null when there is no service and none is to be made
     */
    public static @Nullable ClientSession connect(
            SocketPath socket,
            DaemonConfig config,
            Hello.Role role,
            @Nullable Fingerprint fingerprint,
            @Nullable Maker maker)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.timeoutMillis());
        String wanted = fingerprint == null ? "" : fingerprint.digest();
        SocketPair pair;
        InProcess running;
        synchronized (PLACES.computeIfAbsent(socket.path(), path -> new Object())) {
            running = RUNNING.get(socket.path());
            if (running != null && (maker != null || fingerprint != null) && !running.digest.equals(wanted)) {
                if (maker == null || config.otherwise() != DaemonConfig.Otherwise.REPLACE) {
                    throw new IncompatibleException("the service that runs in this process for " + socket
                            + " does not fit: it has another class, other arguments or another class path");
                }
                Targets.report("replaced the service that ran in this process for " + socket
                        + ": it had another class, other arguments or another class path");
                running.server.retire(Reason.closed());
            }
            pair = SocketPair.create();
            boolean served = running != null && running.server.server().serve(pair.server());
            if (!served && maker != null) {
                running = make(socket, config, wanted, maker, deadline);
                served = running.server.server().serve(pair.server());
            }
            if (!served) {
                pair.client().close();
                pair.server().close();
                return null;
            }
        }
        InProcess serving = running;
        return ClientSession.over(
                pair.client(), config.limits(), role, config.remoteStacks(), () -> another(serving), deadline);
    }

    private static @Nullable SocketChannel another(@Nullable InProcess serving) throws IOException {
        SocketPair pair = SocketPair.create();
        if (serving != null && serving.server.server().serve(pair.server())) {
            return pair.client();
        }
        pair.client().close();
        pair.server().close();
        return null;
    }

    private static InProcess make(SocketPath socket, DaemonConfig config, String digest, Maker maker, long deadline)
            throws IOException, InterruptedException {
        LockFile lock = config.exclusive() ? lock(socket, deadline) : null;
        boolean made = false;
        try {
            ServiceServer server = maker.make();
            InProcess running = new InProcess(server, digest, config.drainMillis());
            server.server().embed(lock);
            closeAtExit(socket);
            String ignored = ConfigCheck.ofAnotherProcess(config);
            if (!ignored.isEmpty()) {
                Targets.report("the service at " + socket + " runs in this process, so of its description " + ignored
                        + " has no effect");
            }
            RUNNING.put(socket.path(), running);
            var unused = server.goneBecause().thenRun(() -> RUNNING.remove(socket.path(), running));
            made = true;
            return running;
        } finally {
            if (!made && lock != null) {
                lock.close();
            }
        }
    }

    private static void closeAtExit(SocketPath socket) {
        if (HOOKED.compareAndSet(false, true)) {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(InProcess::closeAll, "auto-daemon-exit"));
            } catch (IllegalStateException e) {
                // The connecting thread was started by the exit of this process.
                Targets.report("the service at " + socket + " will not be closed: this process is ending already");
            }
        }
    }

    /** The resources of an exclusive service have one owner, in a daemon or in a process such as this one. */
    private static LockFile lock(SocketPath socket, long deadline) throws IOException, InterruptedException {
        socket.prepareDirectory();
        LockFile lock = LockFile.tryAcquire(socket.addressLock());
        while (lock == null) {
            if (System.nanoTime() - deadline > 0) {
                throw new UnreachableException(
                        "the exclusive service at " + socket + " runs in a daemon or in another process; stop it first",
                        null);
            }
            Thread.sleep(LOCK_POLL_MILLIS);
            lock = LockFile.tryAcquire(socket.addressLock());
        }
        return lock;
    }

    /** The server for a socket; null when there is none, or when the server is leaving. */
    public static @Nullable ServiceServer server(SocketPath socket) {
        InProcess running = RUNNING.get(socket.path());
        return running == null || running.server.server().hasRetired() ? null : running.server;
    }

    private static void closeAll() {
        List<InProcess> all = List.copyOf(RUNNING.values());
        for (InProcess running : all) {
            running.server.drain(Reason.exit());
        }
        for (InProcess running : all) {
            try {
                running.server.goneBecause().get(running.drainMillis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                Targets.report("a service was not closed when its process ended: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
