package io.github.autodaemon;

import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.server.ServerSession;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client's connection, as the service sees it. Any thread may use it. */
public final class Client {
    private final ServerSession session;
    private final Server server;
    private final List<String> args;
    private final List<Runnable> onClose = new ArrayList<>();
    private boolean closed;

    private final Channel connection = new Channel() {
        @Override
        public boolean isOpen() {
            return session.isOpen();
        }

        @Override
        public void close() {
            session.closeNow();
        }
    };

    Client(ServerSession session, Server server, List<String> args) {
        this.session = session;
        this.server = server;
        this.args = args;
    }

    /** The server this client is connected to. */
    public Server server() {
        return server;
    }

    /**
     * The connection itself. Closing it ends it at once, without waiting for the answers of running calls as
     * {@link #close()} does.
     */
    public Channel connection() {
        return connection;
    }

    /** The extra arguments of the description. */
    public List<String> args() {
        return args;
    }

    /** Runs tasks in the service's turn, where its methods run too; for what continues a future. */
    public Executor turn() {
        return session.turn();
    }

    /**
     * Keeps a daemon with {@link AutoDaemonBuilder#autoClose autoClose} from leaving until the returned reference is
     * closed, beyond this client's connection if need be. It does not keep one that was told to leave.
     */
    public Reference ref() {
        session.server().acquire();
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                session.server().release();
            }
        };
    }

    /**
     * Whether the call that runs on this thread is wanted no more: the client cancelled it, it took longer than the client
     * waits, or the client is gone. Then the thread was interrupted, too. False on a thread that runs no call.
     */
    public boolean isCancelled() {
        Request running = Request.current();
        return running != null && running.isCancelled();
    }

    /** How long the client still waits for the call that runs on this thread; empty when it said nothing about that. */
    public Optional<Duration> timeLeft() {
        Request running = Request.current();
        long nanos = running == null ? Long.MAX_VALUE : running.nanosLeft();
        return nanos == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, nanos)));
    }

    /** Runs {@code action} in the service's turn when this client has gone; at once if it has. */
    public void onClose(Runnable action) {
        synchronized (onClose) {
            if (!closed) {
                onClose.add(action);
                return;
            }
        }
        action.run();
    }

    /** Ends the connection once the answers of the calls that run now are sent. */
    public void close() {
        session.close();
    }

    void gone() {
        List<Runnable> actions;
        synchronized (onClose) {
            closed = true;
            actions = new ArrayList<>(onClose);
            onClose.clear();
        }
        RuntimeException failure = null;
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
