package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.client.ConnectFailure.Kind;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.socket.CurrentUser;
import io.github.autodaemon.internal.socket.LockFile;
import io.github.autodaemon.internal.socket.PrivateFiles;
import io.github.autodaemon.internal.socket.SocketPath;
import io.github.autodaemon.internal.socket.UnixSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code connect()}.
 *
 * <pre>
 *   LOOK --answers--> GREET --fits--> connected
 *    ^ |                | lost: LOOK      | silent, stranger: fail     | does not fit: retire it, LOOK
 *    | |--backlog full--> wait, LOOK
 *    | |--nobody--> LOCK --held by another--> wait, LOOK
 *    |               | got it
 *    |               v
 *    |          LOOK AGAIN --answers--> GREET
 *    |               | nobody
 *    |               v
 *    '--ready/taken-- START --died, refused, deadline--> fail, leaving word for those who wait
 * </pre>
 *
 * The first look takes no lock and starts nothing. The second, under the lock, is what makes "exactly once" true: between
 * the first look and the lock another client may have started the daemon and let the lock go. Whoever does not get the
 * lock looks for the socket again and again instead of queueing for the lock: sixty clients that queue would pass it on
 * sixty times.
 */
public final class Connector {
    private static final int MAX_SPAWNS = 3;
    private static final int MAX_REPLACEMENTS = 3;
    private static final long FIRST_WAIT_MILLIS = 5;
    private static final long LAST_WAIT_MILLIS = 50;

    private final Target target;
    private final SocketPath socket;
    private final long deadline;
    private final long began = System.currentTimeMillis();
    private int spawns;
    private int replacements;
    private int lost;
    private long waitMillis = FIRST_WAIT_MILLIS;
    private String step = "connecting";
    private @Nullable ProcessHandle spawned;

    private Connector(Target target, long deadline) {
        this.target = target;
        this.socket = target.socket();
        this.deadline = deadline;
    }

    /**
     * A connection.
     *
     * @param session with the hellos exchanged
     * @param spawned the process this call started, if it did
     */
    public record Connected(ClientSession session, @Nullable ProcessHandle spawned) {}

    /**
     * Connects, starting the daemon first if nobody serves.
     *
     * @param nanos how long it may take, all in all
     * @return null when nobody serves and nothing may be started
     */
    public static @Nullable Connected connect(Target target, long nanos) throws ConnectFailure {
        try {
            return new Connector(target, System.nanoTime() + nanos).run();
        } catch (IOException e) {
            throw new ConnectFailure(Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(
                    Kind.INTERRUPTED, "interrupted while connecting to the daemon at " + target.socket(), e);
        }
    }

    private @Nullable Connected run() throws IOException, InterruptedException, ConnectFailure {
        while (true) {
            UnixSocket.Attempt attempt = UnixSocket.connect(socket);
            SocketChannel channel = attempt.channel();
            if (channel != null) {
                ClientSession session = greet(channel);
                if (session != null) {
                    return new Connected(session, spawned);
                }
            } else if (attempt.outcome() == UnixSocket.Outcome.BUSY) {
                step = "waiting for a place in the daemon's queue of connections, which is full";
                pause();
            } else if (target.launch() == null) {
                return null;
            } else {
                lockAndStart();
            }
        }
    }

    /** Exchanges hellos; null when the daemon went away before, or has to be replaced. */
    private @Nullable ClientSession greet(SocketChannel channel)
            throws IOException, InterruptedException, ConnectFailure {
        ClientSession session = null;
        boolean keep = false;
        try {
            CurrentUser.check(channel);
            session = new ClientSession(channel, target.limits());
            step = "waiting for the daemon's hello";
            switch (session.greet(deadline)) {
                case NPM -> {
                    keep = true;
                    return session;
                }
                case HELLO -> {
                    String difference = difference(session.hello());
                    keep = difference == null;
                    if (difference == null) {
                        return session;
                    }
                    replace(session, difference);
                    return null;
                }
                case LOST -> {
                    // It was about to leave. Nothing was served, so nobody needs to know.
                    if (++lost > 3) {
                        step = "the daemon closed " + lost + " connections before its hello";
                        pause();
                    }
                    return null;
                }
                case STRANGER ->
                    throw new ConnectFailure(
                            Kind.UNREACHABLE,
                            "whoever listens on " + socket
                                    + " is not an auto-daemon; it was left alone. Use another socket",
                            null);
                case SILENT -> throw overdue();
            }
            throw new AssertionError("all greetings are listed");
        } finally {
            if (!keep) {
                if (session == null) {
                    channel.close();
                } else {
                    session.close();
                }
            }
        }
    }

    private @Nullable String difference(@Nullable Hello hello) {
        String service = target.service();
        if (hello == null || service == null) {
            return null;
        }
        String running = hello.text("service");
        if (!service.equals(running)) {
            return "service: " + running + " -> " + service;
        }
        List<?> args = hello.fields().get("args") instanceof List<?> list ? list : List.of();
        return target.args().equals(args) ? null : "args: " + args + " -> " + target.args();
    }

    /** The old daemon finishes the work of its other clients; its successor starts meanwhile. */
    private void replace(ClientSession session, String difference) throws InterruptedException, ConnectFailure {
        Hello hello = session.hello();
        long pid = hello == null ? 0 : hello.pid();
        if (target.launch() == null || ++replacements > MAX_REPLACEMENTS) {
            throw new ConnectFailure(
                    Kind.INCOMPATIBLE,
                    "the daemon at " + socket + " (pid " + pid + ") does not fit: " + difference,
                    null);
        }
        target.report().accept("replacing the daemon at " + socket + " (pid " + pid + "): " + difference);
        step = "waiting for the daemon (pid " + pid + ") to retire";
        session.retire(difference, deadline);
    }

    private void lockAndStart() throws IOException, InterruptedException, ConnectFailure {
        socket.prepareDirectory();
        step = "waiting for another client, which is starting the daemon";
        LockFile lock = LockFile.tryAcquire(socket.spawnLock());
        if (lock == null) {
            pause();
            return;
        }
        try {
            UnixSocket.Attempt second = UnixSocket.connect(socket);
            SocketChannel answered = second.channel();
            if (answered != null) {
                answered.close();
                return;
            }
            if (second.outcome() != UnixSocket.Outcome.BUSY) {
                failAsOthersDid();
                if (spawns == MAX_SPAWNS) {
                    throw new ConnectFailure(
                            Kind.UNREACHABLE,
                            "the daemon at " + socket + " was started " + spawns
                                    + " times and was gone each time before it could be used; see its log, "
                                    + socket.log(),
                            null);
                }
                spawns++;
                start();
            }
        } finally {
            lock.close();
        }
    }

    private void start() throws IOException, InterruptedException, ConnectFailure {
        Start start = new Start(target, deadline);
        try {
            spawned = start.run();
            FailureNote.forget(socket);
        } catch (ConnectFailure e) {
            FailureNote.leave(socket, e);
            throw e;
        }
        // Until it accepts us nobody tells us that it does, when it is somebody else's.
        if (spawned == null) {
            pause();
        }
    }

    /** Sixty clients that wait for a broken service start one JVM and not sixty: they fail as the first one did. */
    private void failAsOthersDid() throws ConnectFailure {
        ConnectFailure failure = FailureNote.since(socket, began);
        if (failure != null) {
            throw failure;
        }
    }

    /** No event announces a daemon that somebody else starts. */
    private void pause() throws InterruptedException, ConnectFailure, IOException {
        if (System.nanoTime() - deadline >= 0) {
            throw overdue();
        }
        long left = (deadline - System.nanoTime()) / 1_000_000 + 1;
        Thread.sleep(Math.min(waitMillis, left));
        waitMillis = Math.min(waitMillis * 3 / 2, LAST_WAIT_MILLIS);
    }

    private ConnectFailure overdue() throws IOException {
        long pid = Hello.pid(PrivateFiles.readIfOwn(socket.info(), Hello.MAX_INFO));
        long waited = System.currentTimeMillis() - began;
        return new ConnectFailure(
                Kind.UNREACHABLE,
                "no connection to the daemon at " + socket + " within " + waited + " ms; the last step was " + step
                        + (pid == 0 ? "" : "; its info file names pid " + pid)
                        + ". Its log is " + socket.log(),
                null);
    }
}
