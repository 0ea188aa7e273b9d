package io.github.autodaemon;

import io.github.autodaemon.internal.call.SessionSource;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.fs.LogFollower;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One client's session with the daemon. Any number of threads may use it at once.
 *
 * @param <T> the interface of the service
 */
public final class Connection<T> implements AutoCloseable {
    private final AutoDaemon<T> description;
    private final T rpc;
    private volatile ClientSession session;
    private volatile @Nullable ProcessHandle spawned;
    private volatile @Nullable LogFollower follower;

    /** True if the daemon may have begun a call for this connection, or the caller relies on this session. */
    private volatile boolean used;

    private volatile boolean closed;

    private final SessionSource source = new SessionSource() {
        @Override
        public ClientSession session() {
            return session;
        }

        @Override
        public ClientSession used() {
            used = true;
            return session;
        }

        @Override
        public boolean renew(ClientSession left) {
            return Connection.this.renew(left);
        }
    };

    /** With {@code used} the connection stays with this daemon in any case. */
    Connection(
            AutoDaemon<T> description,
            ClientSession session,
            @Nullable ProcessHandle spawned,
            @Nullable LogFollower follower,
            boolean used) {
        this.description = description;
        this.session = session;
        this.spawned = spawned;
        this.follower = follower;
        this.used = used;
        this.rpc = description.rpc(this);
    }

    /** The source of the session, for calls. */
    SessionSource source() {
        return source;
    }

    /**
     * The service. Its methods throw {@link RemoteException} when the service threw, and {@link
     * ConnectionLostException} when no answer will come.
     */
    public T rpc() {
        return rpc;
    }

    /**
     * The service, with a limit to how long each call may take. A call past its timeout throws
     * {@link CallTimeoutException}, or its future does; the call is cancelled in the daemon too, which also knows the
     * timeout itself. Of a stream it limits the opening, of a {@link Sequence} each wait for a value. This timeout replaces {@link AutoDaemonBuilder#callTimeout}.
     *
     * @throws IllegalArgumentException when {@code timeout} is not positive
     */
    public T rpc(Duration timeout) {
        return description.rpc(this, DaemonConfig.millis(DaemonConfig.positive(timeout)));
    }

    /** The process that was started for this connection; empty when the daemon ran already. */
    public Optional<ProcessHandle> spawned() {
        return Optional.ofNullable(spawned);
    }

    /**
     * The path of the connected daemon's socket: {@link AutoDaemon#socket()}, unless the daemon is one
     * {@linkplain AutoDaemonBuilder#beside beside} another. The daemon's log has the same name with {@code .log} at the
     * end.
     */
    public Path socket() {
        SocketPath place = session.place();
        return place == null ? description.socket() : place.path();
    }

    /** The daemon's process id, from its hello; empty when the daemon is npm's, which sends none. */
    public OptionalLong pid() {
        Hello hello = session.hello();
        return hello == null ? OptionalLong.empty() : OptionalLong.of(hello.pid());
    }

    /**
     * Asks the daemon for its status, as {@link AutoDaemon#status()} does; the answer includes all messages that were
     * sent on this connection before.
     *
     * @param patience how long to wait
     * @return empty when the connection has ended, when the time is over, or when the daemon is npm's, which has no
     *     status
     * @throws AutoDaemonException when this thread is interrupted
     */
    public Optional<DaemonStatus> status(Duration patience) {
        try {
            Response answer = session.ask("status", List.of(), System.nanoTime() + patience.toNanos());
            return answer != null && answer.value() instanceof Map<?, ?> status
                    ? Optional.of(DaemonStatus.of(status))
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutoDaemonException("interrupted while asking a daemon for its status", e);
        }
    }

    /** True while no end of the connection is known; does not ask the daemon. */
    public boolean isOpen() {
        return session.isOpen();
    }

    /**
     * Runs {@code action}, not on the calling thread, when either side has ended the connection; at once if it has
     * ended.
     */
    public void onClose(Runnable action) {
        source.used().onClose(action);
    }

    /** Ends the connection; calls that wait for an answer fail. The second call has no effect. */
    @Override
    public void close() {
        closed = true;
        end();
    }

    private synchronized boolean renew(ClientSession left) {
        if (session != left) {
            return true;
        }
        if (used || closed || !left.isLeft()) {
            return false;
        }
        Connection<T> next = description.connect();
        end();
        session = next.session;
        spawned = next.spawned;
        follower = next.follower;
        if (closed) {
            end();
        }
        return true;
    }

    private void end() {
        session.close();
        LogFollower followed = follower;
        if (followed != null) {
            followed.close();
        }
    }
}
