package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.Client;
import io.github.autodaemon.Reference;
import io.github.autodaemon.Server;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.server.ClientConnection;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The {@link Client} of a session. Any thread may use this object. */
final class ServiceClient implements Client {
    private final ClientConnection session;
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

    ServiceClient(ClientConnection session, Server server, List<String> args) {
        this.session = session;
        this.server = server;
        this.args = args;
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public Channel connection() {
        return connection;
    }

    @Override
    public List<String> args() {
        return args;
    }

    @Override
    public Executor turn() {
        return session.turn();
    }

    @Override
    public Reference ref() {
        session.acquire();
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                session.release();
            }
        };
    }

    @Override
    public boolean isCancelled() {
        Request running = Request.current();
        return running != null && running.isCancelled();
    }

    @Override
    public Optional<Duration> timeLeft() {
        Request running = Request.current();
        long nanos = running == null ? Long.MAX_VALUE : running.nanosLeft();
        return nanos == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, nanos)));
    }

    @Override
    public void onClose(Runnable action) {
        synchronized (onClose) {
            if (!closed) {
                onClose.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
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
