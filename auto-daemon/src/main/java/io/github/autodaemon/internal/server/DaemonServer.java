package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Json;
import io.github.autodaemon.internal.socket.CurrentUser;
import io.github.autodaemon.internal.socket.ListeningSocket;
import io.github.autodaemon.internal.socket.LockFile;
import io.github.autodaemon.internal.socket.Loop;
import io.github.autodaemon.internal.socket.PrivateFiles;
import io.github.autodaemon.internal.socket.SocketPath;
import io.github.autodaemon.internal.socket.UnixSocket;
import io.github.autodaemon.internal.socket.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves one service on one socket, on a thread that reads for all connections and on workers that run the calls. */
public final class DaemonServer {
    private static final long LOCK_POLL_MILLIS = 5;
    private static final long PATH_CHECK = TimeUnit.SECONDS.toNanos(1);

    private final Host host;
    private final ServerSettings settings;
    private final Loop loop;
    private final Executor threads = Workers.create();
    private final Turn turn;
    private final Lifecycle lifecycle;
    private final Map<String, @Nullable Object> identity;
    private final CompletableFuture<String> gone = new CompletableFuture<>();
    private final Set<ServerSession> sessions = ConcurrentHashMap.newKeySet();

    private @Nullable SocketPath path;
    private @Nullable LockFile addressLock;
    private @Nullable ListeningSocket listener;
    private volatile boolean stop;

    /** A server that does not listen yet. */
    public DaemonServer(Host host, ServerSettings settings) throws IOException {
        this.host = host;
        this.settings = settings;
        this.loop = new Loop();
        this.turn = new Turn(settings.concurrency(), threads, t -> log("a task of the service failed", t));
        this.lifecycle = new Lifecycle(loop, settings.autoClose(), settings.linger(), new Departure());
        this.identity = new LinkedHashMap<>(settings.identity());
        this.identity.put("pid", ProcessHandle.current().pid());
        this.identity.put("id", UUID.randomUUID().toString());
    }

    /** Somebody else serves at the path. */
    public static final class TakenException extends IOException {
        private static final long serialVersionUID = 1;

        /** The process id of the other daemon, as it wrote it down; 0 when it is not known. */
        private final long pid;

        TakenException(SocketPath path, long pid) {
            super("a daemon already serves " + path + (pid == 0 ? "" : " (pid " + pid + ")"));
            this.pid = pid;
        }

        /** The other daemon's process id, 0 when unknown. */
        public long pid() {
            return pid;
        }
    }

    /**
     * Takes the address lock, listens, and starts to serve.
     *
     * @param patience nanoseconds to wait for a predecessor that is about to give the path up
     * @throws TakenException when somebody serves at the path
     */
    public synchronized void listen(SocketPath socket, long patience) throws IOException {
        if (path != null) {
            throw new IllegalStateException("this server listens already, on " + path);
        }
        socket.prepareDirectory();
        LockFile lock = lock(socket, System.nanoTime() + patience);
        boolean listening = false;
        try {
            ListeningSocket bound = ListeningSocket.bind(socket);
            if (bound == null) {
                throw new TakenException(socket, 0);
            }
            path = socket;
            addressLock = lock;
            listener = bound;
            PrivateFiles.replace(socket.info(), Json.text(hello()));
            bound.accept(loop, new Accepting());
            listening = true;
        } finally {
            if (!listening) {
                path = null;
                ListeningSocket bound = listener;
                if (bound != null) {
                    bound.close();
                    listener = null;
                }
                lock.close();
            }
        }
        lifecycle.started();
        watchPath(bound());
        // Not a daemon thread: it is what keeps the process alive while it serves.
        new Thread(this::run, "auto-daemon-server").start();
    }

    /**
     * A mere probe lets go of the lock at once, a retiring daemon soon. One that serves says hello; that it accepts is
     * not enough, since a process that is being killed does so until its descriptors are closed.
     */
    private static LockFile lock(SocketPath socket, long deadline) throws IOException {
        SocketChannel asked = null;
        try {
            while (true) {
                LockFile lock = LockFile.tryAcquire(socket.addressLock());
                if (lock != null) {
                    return lock;
                }
                if (asked == null) {
                    asked = UnixSocket.connect(socket).channel();
                }
                int answer = asked == null ? 0 : answer(asked);
                if (answer > 0 || System.nanoTime() - deadline > 0) {
                    throw new TakenException(socket, holder(socket));
                }
                if (answer < 0 && asked != null) {
                    asked.close();
                    asked = null;
                }
                Thread.sleep(LOCK_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the lock of " + socket, e);
        } finally {
            if (asked != null) {
                asked.close();
            }
        }
    }

    /** The number of bytes the other end has sent, 0 when none yet, -1 when it is gone. */
    private static int answer(SocketChannel asked) {
        try {
            return asked.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return -1;
        }
    }

    private static long holder(SocketPath socket) throws IOException {
        return Hello.pid(PrivateFiles.readIfOwn(socket.info(), Hello.MAX_INFO));
    }

    private ListeningSocket bound() {
        ListeningSocket listening = listener;
        if (listening == null) {
            throw new IllegalStateException("this server does not listen");
        }
        return listening;
    }

    /**
     * Nobody finds a daemon whose path is gone, or names another socket: it leaves. There is no event for it that every
     * file system has.
     */
    private void watchPath(ListeningSocket listening) {
        loop.after(PATH_CHECK, () -> {
            if (lifecycle.state() == Lifecycle.State.SERVING) {
                try {
                    if (!listening.ownsPath()) {
                        retire("its socket's path was removed or replaced");
                        return;
                    }
                } catch (IOException e) {
                    settings.log().accept("the socket's path cannot be looked at: " + e.getMessage());
                }
                watchPath(listening);
            }
        });
    }

    /** Makes room for a successor; one that has to wait until this daemon is gone does not wait for idle connections. */
    void replace(String reason) {
        if (settings.exclusive()) {
            drain(reason);
        } else {
            retire(reason);
        }
    }

    /** Retires, and ends each connection when its running calls are over. */
    public void drain(String reason) {
        retire(reason);
        for (ServerSession session : sessions) {
            session.close();
        }
    }

    /** Where it listens; null before it does. */
    public synchronized @Nullable SocketPath path() {
        return path;
    }

    /** Stops accepting; the process goes on until its connections are over. No effect the second time. */
    public void retire(String reason) {
        lifecycle.retire(reason);
    }

    /** Completes, with the reason it left, when nothing is left to do. */
    public CompletableFuture<String> gone() {
        return gone;
    }

    /** Keeps the daemon alive until {@link #release()}. */
    public void acquire() {
        lifecycle.acquire();
    }

    /** Undoes one {@link #acquire()}. */
    public void release() {
        lifecycle.release();
    }

    Map<String, @Nullable Object> hello() {
        Map<String, @Nullable Object> hello = new LinkedHashMap<>(identity);
        hello.put("state", lifecycle.state() == Lifecycle.State.SERVING ? "serving" : "retiring");
        return Hello.daemon(hello);
    }

    void left(ServerSession session, boolean referenced) {
        sessions.remove(session);
        lifecycle.leave(referenced);
    }

    Host host() {
        return host;
    }

    ServerSettings settings() {
        return settings;
    }

    Loop loop() {
        return loop;
    }

    Executor threads() {
        return threads;
    }

    Turn turn() {
        return turn;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    void log(String what, Throwable t) {
        java.io.StringWriter text = new java.io.StringWriter();
        t.printStackTrace(new java.io.PrintWriter(text));
        settings.log().accept(what + ": " + text);
    }

    private void run() {
        try {
            while (!stop) {
                turnOfTheLoop();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            loop.close();
        }
    }

    private void turnOfTheLoop() throws IOException {
        try {
            loop.runOnce(Long.MAX_VALUE);
        } catch (RuntimeException e) {
            // A task or a timer failed; whoever it was for, the others are still to be served.
            log("something failed in the server's loop", e);
        }
    }

    private final class Accepting implements ListeningSocket.Acceptor {
        private long lastFailure = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);

        @Override
        public void accepted(SocketChannel channel) {
            boolean admitted = false;
            try {
                CurrentUser.check(channel);
                admitted = lifecycle.admit();
                if (admitted) {
                    ServerSession session = new ServerSession(DaemonServer.this, channel);
                    sessions.add(session);
                    session.start();
                    return;
                }
            } catch (IOException e) {
                settings.log().accept("a connection was refused: " + e.getMessage());
                if (admitted) {
                    lifecycle.leave(true);
                }
            }
            try {
                channel.close();
            } catch (IOException e) {
                settings.log().accept("a refused connection did not close: " + e.getMessage());
            }
        }

        @Override
        public void failed(IOException e) {
            long now = System.nanoTime();
            if (now - lastFailure > TimeUnit.SECONDS.toNanos(10)) {
                lastFailure = now;
                settings.log().accept("no connection can be accepted for now: " + e.getMessage());
            }
        }
    }

    private final class Departure implements Lifecycle.Actions {
        @Override
        public void retiring(String reason) {
            settings.log().accept("retiring: " + reason);
            try {
                ListeningSocket listening = listener;
                if (listening != null) {
                    listening.close();
                    loop.wakeup();
                }
                if (!settings.exclusive()) {
                    releaseLock();
                }
            } catch (IOException e) {
                settings.log().accept("the socket could not be given up: " + e.getMessage());
            }
        }

        @Override
        public void gone() {
            // Not here: this is inside a lock, and a service may take its time to close.
            threads.execute(() -> {
                try {
                    host.close();
                } catch (Throwable t) {
                    log("the service failed to close", t);
                }
                try {
                    releaseLock();
                } catch (IOException e) {
                    settings.log().accept("the address lock could not be released: " + e.getMessage());
                }
                // First told, then ended: when the loop's thread is over, nothing may keep the process alive.
                gone.complete(lifecycle.reason());
                stop = true;
                loop.wakeup();
            });
        }

        private void releaseLock() throws IOException {
            LockFile lock = addressLock;
            if (lock != null) {
                lock.close();
            }
        }
    }
}
