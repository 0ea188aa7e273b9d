package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.client.ConnectFailure.Kind;
import io.github.autodaemon.internal.flight.ConnectEvent;
import io.github.autodaemon.internal.flight.Flight;
import io.github.autodaemon.internal.flight.SpawnEvent;
import io.github.autodaemon.internal.rpc.Answer;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.socket.CurrentUser;
import io.github.autodaemon.internal.socket.FileFacts;
import io.github.autodaemon.internal.socket.ListeningSocket;
import io.github.autodaemon.internal.socket.LockFile;
import io.github.autodaemon.internal.socket.PrivateFiles;
import io.github.autodaemon.internal.socket.SocketPath;
import io.github.autodaemon.internal.socket.UnixSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    private static final long SECOND = 1_000_000_000;
    private static final long PATIENCE = 5 * SECOND;

    private final Target target;
    private final boolean probe;
    private final SocketPath socket;
    private final long deadline;
    private final long began = System.nanoTime();
    private int spawns;
    private int replacements;
    private int lost;
    private long waitMillis = FIRST_WAIT_MILLIS;
    private String step = "connecting";
    private @Nullable String replaced;
    private @Nullable ProcessHandle spawned;

    /** The note of a failure that was there before this client waited for anybody's start. */
    private @Nullable FileFacts knownFailure;

    private boolean waits;

    private Connector(Target target, boolean probe, long deadline) {
        this.target = target;
        this.probe = probe;
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
        return connect(target, false, nanos);
    }

    /**
     * Connects to whichever daemon serves, as nobody's user: it is not kept alive by it, and its service hears nothing.
     *
     * @return null when nobody serves
     */
    public static @Nullable ClientSession probe(Target target, long nanos) throws ConnectFailure {
        Connected connected = connect(target, true, nanos);
        return connected == null ? null : connected.session();
    }

    private static @Nullable Connected connect(Target target, boolean probe, long nanos) throws ConnectFailure {
        ConnectEvent event =
                !probe && Flight.isOn() ? new ConnectEvent(target.socket().toString()) : null;
        try {
            Connected connected = new Connector(target, probe, System.nanoTime() + nanos).run();
            if (event != null && connected != null) {
                event.connected(pid(connected.session().hello()), connected.spawned() != null);
            } else if (event != null) {
                event.nobodyServes();
            }
            return connected;
        } catch (IOException e) {
            throw new ConnectFailure(Kind.UNREACHABLE, PrivateFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(
                    Kind.INTERRUPTED, "interrupted while connecting to the daemon at " + target.socket(), e);
        } finally {
            if (event != null) {
                event.commit();
            }
        }
    }

    private @Nullable Connected run() throws IOException, InterruptedException, ConnectFailure {
        Rehearsal.besideTheFirstSocket();
        while (true) {
            UnixSocket.Attempt attempt = UnixSocket.connect(socket);
            SocketChannel channel = attempt.channel();
            if (channel != null) {
                ClientSession session = greet(attempt, channel);
                if (session != null) {
                    return new Connected(session, spawned);
                }
            } else if (attempt.outcome() == UnixSocket.Outcome.BUSY) {
                step = "waiting for a place in the daemon's queue of connections (" + attempt.message() + ")";
                removeOrphan();
                pause();
            } else if (target.launch() == null) {
                return null;
            } else {
                lockAndStart();
            }
        }
    }

    /** Exchanges hellos; null when the daemon went away before, or has to be replaced. */
    private @Nullable ClientSession greet(UnixSocket.Attempt attempt, SocketChannel channel)
            throws IOException, InterruptedException, ConnectFailure {
        ClientSession session = null;
        boolean keep = false;
        try {
            CurrentUser.checkDaemon(channel, socket, target.allowRoot());
            session = new ClientSession(channel, target.limits(), probe ? null : door());
            step = "waiting for the daemon's hello";
            switch (greeting(session, attempt)) {
                case NPM -> {
                    if (probe) {
                        throw new ConnectFailure(
                                Kind.UNREACHABLE,
                                "the daemon at " + socket + " is npm's, which says nothing about itself",
                                null);
                    }
                    keep = true;
                    return session;
                }
                case HELLO -> {
                    String difference = difference(session);
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
                case ORPHANED -> {
                    removeOrphan();
                    return null;
                }
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

    private void removeOrphan() throws IOException {
        if (ListeningSocket.isOrphan(socket, true)) {
            replaced = "the daemon before it died, and a process that it had forked keeps its socket open";
        }
    }

    /** A daemon that runs says hello within milliseconds; the user is told when it does not, before the time is over. */
    private Greeting greeting(ClientSession session, UnixSocket.Attempt attempt)
            throws IOException, InterruptedException {
        boolean patient = !probe && deadline - System.nanoTime() > PATIENCE;
        Greeting greeting = session.greet(
                probe, target.stacks(), patient ? System.nanoTime() + PATIENCE : deadline, socket, attempt);
        if (greeting == Greeting.SILENT && patient) {
            target.report()
                    .accept("the daemon at " + socket + " has not answered for " + PATIENCE / SECOND
                            + " s, and is waited for, for at most " + (deadline - System.nanoTime()) / SECOND
                            + " s more; it may be stopped, or have no time" + mend());
            greeting = session.awaitHello(deadline, socket, attempt);
        }
        return greeting;
    }

    /** No lambda here nor in the classes above: each command comes through, and the first one costs milliseconds. */
    private StreamDoor door() {
        return new StreamDoor() {
            @Override
            public @Nullable SocketChannel open() throws IOException {
                return another();
            }
        };
    }

    /** Another connection, to whichever daemon serves now. */
    private @Nullable SocketChannel another() throws IOException {
        SocketChannel channel = UnixSocket.connect(socket).channel();
        boolean kept = false;
        try {
            if (channel != null) {
                CurrentUser.checkDaemon(channel, socket, target.allowRoot());
            }
            kept = true;
            return channel;
        } finally {
            if (!kept && channel != null) {
                channel.close();
            }
        }
    }

    /** Why the daemon that said hello will not do; null when it will. */
    private @Nullable String difference(ClientSession session) throws InterruptedException, ConnectFailure {
        Hello hello = session.hello();
        Fingerprint wanted = target.fingerprint();
        String refused = hello == null ? null : hello.text("refused");
        if (refused != null) {
            throw new ConnectFailure(Kind.UNREACHABLE, "the daemon at " + socket + " refused: " + refused, null);
        }
        if (hello == null || wanted == null || probe) {
            return null;
        }
        String service = hello.text("service");
        if (!wanted.service().equals(service)) {
            return "service: " + service + " -> " + wanted.service();
        }
        List<?> args = hello.fields().get("args") instanceof List<?> list ? list : List.of();
        if (!wanted.args().equals(args)) {
            return "args: " + args + " -> " + wanted.args();
        }
        // Whoever runs the service in the foreground, or for npm's clients, chose its classes and its JVM.
        String digest = hello.text("fingerprint");
        if (digest == null || digest.equals(wanted.digest())) {
            return null;
        }
        Answer details = session.ask("fingerprint", List.of(), deadline);
        return wanted.difference(details != null && details.value() instanceof Map<?, ?> map ? map : Map.of());
    }

    /** The old daemon finishes the work of its other clients; its successor starts meanwhile. */
    private void replace(ClientSession session, String difference) throws InterruptedException, ConnectFailure {
        Hello hello = session.hello();
        String running = "the daemon at " + socket + " (pid " + pid(hello) + ")";
        if (target.launch() == null || !target.replace()) {
            throw incompatible(running + " does not fit, and this client does not replace it: " + difference);
        }
        if (++replacements > MAX_REPLACEMENTS) {
            throw incompatible(running + " does not fit, after " + MAX_REPLACEMENTS + " were replaced: " + difference);
        }
        step = "waiting for the daemon (pid " + pid(hello) + ") to retire";
        Answer answer = session.ask("retire", List.of(difference), deadline);
        Map<?, ?> refusal = answer == null ? null : answer.error();
        if (refusal != null) {
            throw incompatible(running + " does not fit, and does not let itself be replaced: " + difference + "; "
                    + refusal.get("message"));
        }
        if (answer != null) {
            replaced = "replaces pid " + pid(hello) + ": " + difference;
            target.report().accept("replaced the daemon at " + socket + " (pid " + pid(hello) + "): " + difference);
        }
    }

    private static long pid(@Nullable Hello hello) {
        return hello == null ? 0 : hello.pid();
    }

    private static ConnectFailure incompatible(String message) {
        return new ConnectFailure(Kind.INCOMPATIBLE, message, null);
    }

    private void lockAndStart() throws IOException, InterruptedException, ConnectFailure {
        socket.prepareDirectory();
        if (!waits) {
            waits = true;
            knownFailure = FailureNote.which(socket);
        }
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
                start(why(second.outcome()));
            }
        } finally {
            lock.close();
        }
    }

    private String why(UnixSocket.Outcome found) {
        String last = replaced;
        if (last != null) {
            replaced = null;
            return last;
        }
        return found == UnixSocket.Outcome.REFUSED ? "the daemon before it died" : "nobody served";
    }

    private void start(String why) throws IOException, InterruptedException, ConnectFailure {
        Start start = new Start(target, why, deadline);
        SpawnEvent event = Flight.isOn() ? new SpawnEvent(socket.toString(), why) : null;
        try {
            spawned = start.run();
            FailureNote.forget(socket, target.report());
            if (event != null) {
                event.started(spawned == null ? 0 : spawned.pid());
            }
        } catch (ConnectFailure e) {
            FailureNote.leave(socket, e);
            throw e;
        } finally {
            if (event != null) {
                event.commit();
            }
        }
        // Until it accepts us nobody tells us that it does, when it is somebody else's.
        if (spawned == null) {
            pause();
        }
    }

    /** Sixty clients that wait for a broken service start one JVM and not sixty: they fail as the first one did. */
    private void failAsOthersDid() throws ConnectFailure {
        ConnectFailure failure = FailureNote.otherThan(knownFailure, socket);
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

    private String mend() {
        return "; `autod stop --kill " + socket + "` ends one that hangs";
    }

    private ConnectFailure overdue() throws IOException {
        long starter = LockFile.holder(socket.spawnLock());
        long pid = Hello.pid(PrivateFiles.readIfOwn(socket.info(), Hello.MAX_INFO));
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        return new ConnectFailure(
                Kind.UNREACHABLE,
                "no connection to the daemon at " + socket + " within " + waited + " ms; the last step was " + step
                        + (starter == 0 ? "" : "; pid " + starter + " holds the lock to start it")
                        + (pid == 0 ? "" : "; its info file names pid " + pid)
                        + ". Its log is " + socket.log() + mend(),
                null);
    }
}
