package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.ListeningSocket;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Response;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One look at the daemon of a socket, with a result and no failure: a tool that lists many daemons reports the fault of
 * each. Starts nothing, changes nothing, and is no user of the daemon.
 *
 * @param outcome the kind of the result
 * @param message details in words; empty for a daemon
 * @param status a daemon's status
 * @param fingerprint the fingerprint of a daemon that was asked for it
 */
public record Probe(Outcome outcome, String message, Map<?, ?> status, Map<?, ?> fingerprint) {
    private static final long PAUSE_MILLIS = 5;

    /** The kinds of results. */
    public enum Outcome {
        /** A daemon of this library. */
        DAEMON,
        /** npm's daemon. */
        NPM,
        /** Nothing is at the path. */
        ABSENT,
        /** A socket without a listener. */
        STALE,
        /** A listener that does not answer in time. */
        SILENT,
        /** A listener or file that is no daemon of this user. */
        OTHER
    }

    /**
     * Looks.
     *
     * @param details whether a daemon is also asked for its fingerprint
     * @param nanos the timeout in nanoseconds
     */
    public static Probe of(SocketPath socket, boolean details, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        String silent = "it has not answered for " + nanos / 1_000_000 + " ms";
        while (true) {
            Probe found;
            try {
                UnixSocket.Attempt attempt = UnixSocket.connect(socket);
                SocketChannel channel = attempt.channel();
                found = switch (attempt.outcome()) {
                    case ABSENT -> found(Outcome.ABSENT, "nothing is at " + socket);
                    case REFUSED -> found(Outcome.STALE, "nobody listens on the socket " + socket);
                    case BUSY -> ListeningSocket.isOrphan(socket, false) ? orphan(socket) : null;
                    case CONNECTED -> channel == null ? null : greet(socket, attempt, channel, details, deadline);
                };
            } catch (IOException e) {
                return found(Outcome.OTHER, String.valueOf(e.getMessage()));
            }
            if (found != null) {
                return found.outcome == Outcome.SILENT ? found(Outcome.SILENT, silent) : found;
            }
            // The daemon's backlog is full, or the daemon left during the greeting: no event announces the next state.
            if (System.nanoTime() - deadline >= 0) {
                return found(Outcome.SILENT, silent);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static Probe orphan(SocketPath socket) {
        return found(
                Outcome.STALE,
                "the daemon died, and a process that it had forked keeps the socket " + socket + " open");
    }

    private static Probe found(Outcome outcome, String message) {
        return new Probe(outcome, message, Map.of(), Map.of());
    }

    private static @Nullable Probe greet(
            SocketPath socket, UnixSocket.Attempt attempt, SocketChannel channel, boolean details, long deadline)
            throws IOException, InterruptedException {
        ClientSession session = null;
        try {
            CurrentUser.checkDaemon(channel, socket.directory(), false);
            session = new ClientSession(channel, Limits.DEFAULT, null);
            return switch (session.greet(Hello.Role.PROBE, false, deadline, socket, attempt)) {
                case NPM -> found(Outcome.NPM, "a daemon of npm's, which says nothing about itself");
                case STRANGER -> found(Outcome.OTHER, "whoever listens on " + socket + " is not an auto-daemon");
                case ORPHANED -> orphan(socket);
                case SILENT -> found(Outcome.SILENT, "");
                case LOST -> null;
                case HELLO -> ask(session, details, deadline);
            };
        } finally {
            if (session == null) {
                channel.close();
            } else {
                session.close();
            }
        }
    }

    private static @Nullable Probe ask(ClientSession session, boolean details, long deadline)
            throws InterruptedException {
        Hello hello = session.hello();
        String refused = hello == null ? null : hello.text("refused");
        if (refused != null) {
            return found(Outcome.OTHER, "it refused: " + refused);
        }
        Map<?, ?> status = answer(session, "status", deadline);
        if (status == null) {
            return System.nanoTime() - deadline >= 0 ? found(Outcome.SILENT, "") : null;
        }
        Map<?, ?> fingerprint = details ? answer(session, "fingerprint", deadline) : null;
        return new Probe(Outcome.DAEMON, "", status, fingerprint == null ? Map.of() : fingerprint);
    }

    private static @Nullable Map<?, ?> answer(ClientSession session, String request, long deadline)
            throws InterruptedException {
        Response answer = session.ask(request, List.of(), deadline);
        return answer != null && answer.value() instanceof Map<?, ?> map ? map : null;
    }
}
