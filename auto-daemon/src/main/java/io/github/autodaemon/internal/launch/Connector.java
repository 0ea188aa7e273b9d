package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.client.Greeting;
import io.github.autodaemon.internal.client.Preload;
import io.github.autodaemon.internal.client.StreamConnector;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.flight.ConnectEvent;
import io.github.autodaemon.internal.flight.Flight;
import io.github.autodaemon.internal.flight.SpawnEvent;
import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.ConnectFailure.Kind;
import io.github.autodaemon.internal.net.ListeningSocket;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Response;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One {@code connect()}. There are two socket paths: the path that all clients share, and the path for exactly this
 * fingerprint, where a daemon is started beside another that goes on.
 *
 * <pre>
 *   LOOK --answers--> GREET --fits--> connected
 *    ^ |                | lost: LOOK      | silent, stranger: fail     | does not fit: LOOK BESIDE
 *    | |--backlog full--> wait, LOOK
 *    | |--absent--> LOOK BESIDE --fits--> connected
 *    |                | absent
 *    |                v
 *    |              LOCK --held by another--> wait, LOOK
 *    |                | got it
 *    |                v
 *    |              LOOK, LOOK BESIDE AGAIN --fits--> connected
 *    |                | absent    | does not fit
 *    |                v           v
 *    |              START       may it be replaced? --in turn--> START BESIDE;  --no--> fail
 *    |                |           | yes
 *    |                |           v
 *    |                |         START SUCCESSOR --died, refused, deadline--> fail, the old daemon goes on
 *    |                |           | prepared
 *    |                |           v
 *    |                |         the old daemon retires, the successor takes its place
 *    |                v           v
 *    '---------- ready/taken ----'   died, refused, deadline: fail, leaving a note for waiting clients
 * </pre>
 *
 * The first look takes no lock and starts nothing. The second look, under the lock, guarantees "exactly once": between
 * the first look and the lock another client may have started the daemon and released the lock. A client that does not
 * get the lock polls the socket instead of queueing for the lock: sixty queued clients would pass it on sixty times.
 * Every daemon for a path, also beside it, is started under the path's lock.
 */
public final class Connector {
    private static final int MAX_SPAWNS = 3;
    private static final int MAX_REPLACEMENTS = 3;
    private static final long FIRST_WAIT_MILLIS = 5;
    private static final long LAST_WAIT_MILLIS = 50;
    private static final long SECOND = 1_000_000_000;
    private static final long PATIENCE = 5 * SECOND;

    private final Target target;
    private final Hello.Role role;
    private final boolean probe;
    private SocketPath socket;
    private final long deadline;
    private final long began = System.nanoTime();
    private int spawns;
    private int replacements;
    private int lost;
    private long waitMillis = FIRST_WAIT_MILLIS;
    private String step = "connecting";
    private @Nullable ProcessHandle spawned;
    private @Nullable String orphan;
    private @Nullable ClientSession fitting;
    private @Nullable ClientSession unfit;
    private UnixSocket.Outcome nobody = UnixSocket.Outcome.ABSENT;

    /** The failure note that existed before this client waited for another client's start. */
    private @Nullable FileFacts knownFailure;

    private boolean waits;

    private Connector(Target target, Hello.Role role, long deadline) {
        this.target = target;
        this.role = role;
        this.probe = role == Hello.Role.PROBE;
        this.socket = target.socket();
        this.deadline = deadline;
    }

    /** The result of a look at a socket path. */
    private enum Found {
        /** A daemon that fits; there is a session with it. */
        FITS,
        /** A daemon that does not fit. */
        UNFIT,
        NOBODY,
        /** Not known yet. */
        UNKNOWN
    }

    /**
     * A connection.
     *
     * @param session the session, after the exchange of hellos
     * @param spawned the process that this call started; null if it started none
     */
    public record Connected(ClientSession session, @Nullable ProcessHandle spawned) {}

    /**
     * Connects to any daemon that serves, to ask it something.
     *
     * @return null when no daemon serves
     */
    public static @Nullable ClientSession probe(Target target, long nanos) throws ConnectFailure {
        Connected connected = connect(target, Hello.Role.PROBE, nanos);
        return connected == null ? null : connected.session();
    }

    /**
     * Connects, starting the daemon first if none serves.
     *
     * @param role what the connection is for; a probe is no user: it does not keep the daemon alive
     * @param nanos the timeout in nanoseconds, for all steps together
     * @return null when no daemon serves and none may be started
     */
    public static @Nullable Connected connect(Target target, Hello.Role role, long nanos) throws ConnectFailure {
        ConnectEvent event = role != Hello.Role.PROBE && Flight.isOn()
                ? new ConnectEvent(target.socket().toString())
                : null;
        Connector connector = new Connector(target, role, System.nanoTime() + nanos);
        try {
            Connected connected = connector.run();
            if (event != null && connected != null) {
                event.connected(pid(connected.session().hello()), connected.spawned() != null);
            } else if (event != null) {
                event.nobodyServes();
            }
            return connected;
        } catch (IOException e) {
            throw new ConnectFailure(
                    Kind.UNREACHABLE, PrivateFiles.reason(e, target.socket().path()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(
                    Kind.INTERRUPTED, "interrupted while connecting to the daemon at " + connector.socket, e);
        } finally {
            connector.forgetUnfit();
            if (event != null) {
                event.commit();
            }
        }
    }

    private @Nullable Connected run() throws IOException, InterruptedException, ConnectFailure {
        Preload.besideTheFirstSocket();
        while (true) {
            Connected connected = null;
            switch (look(socket)) {
                case FITS -> connected = connected();
                case UNKNOWN -> {}
                case UNFIT, NOBODY -> {
                    connected = lookBeside();
                    if (connected == null && target.launch() == null) {
                        if (unfit != null) {
                            throw incompatible(running(unfit) + " does not fit, and this client does not replace it: "
                                    + difference(unfit));
                        }
                        return null;
                    }
                    if (connected == null) {
                        connected = lockAndStart();
                    }
                }
            }
            if (connected != null) {
                return connected;
            }
        }
    }

    private Connected connected() {
        ClientSession session = fitting;
        if (session == null) {
            throw new IllegalStateException("nobody fits");
        }
        return new Connected(session, spawned);
    }

    private Found look(SocketPath place) throws IOException, InterruptedException, ConnectFailure {
        forgetUnfit();
        UnixSocket.Attempt attempt = UnixSocket.connect(place);
        SocketChannel channel = attempt.channel();
        if (channel != null) {
            return greet(place, attempt, channel);
        }
        if (attempt.outcome() == UnixSocket.Outcome.BUSY) {
            step = "waiting for a place in the daemon's queue of connections (" + attempt.message() + ")";
            removeOrphan(place);
            pause();
            return Found.UNKNOWN;
        }
        nobody = attempt.outcome();
        return Found.NOBODY;
    }

    /** The path of a daemon with this client's fingerprint beside the shared path; null when there can be none. */
    private @Nullable SocketPath beside() {
        Fingerprint wanted = target.fingerprint();
        return wanted == null || probe || target.exclusive() ? null : socket.beside(wanted.digest());
    }

    private @Nullable Connected lookBeside() throws IOException, InterruptedException, ConnectFailure {
        SocketPath place = beside();
        if (place == null || !place.exists()) {
            return null;
        }
        ClientSession main = unfit;
        unfit = null;
        Found found;
        do {
            found = look(place);
            if (found == Found.UNFIT) {
                throw incompatible("the daemon at " + place + " does not fit: " + difference(unfit));
            }
        } while (found == Found.UNKNOWN);
        unfit = main;
        if (found == Found.FITS) {
            forgetUnfit();
            return connected();
        }
        return null;
    }

    private void forgetUnfit() {
        ClientSession session = unfit;
        unfit = null;
        if (session != null) {
            session.close();
        }
    }

    /** Exchanges hellos. */
    private Found greet(SocketPath place, UnixSocket.Attempt attempt, SocketChannel channel)
            throws IOException, InterruptedException, ConnectFailure {
        ClientSession session = null;
        boolean keep = false;
        try {
            CurrentUser.checkDaemon(channel, place.directory(), target.allowRoot());
            session = new ClientSession(
                    channel, target.limits(), probe ? null : StreamConnector.to(place, target.allowRoot()));
            session.reached(place);
            step = "waiting for the daemon's hello";
            switch (greeting(place, session, attempt)) {
                case NPM -> {
                    if (probe) {
                        throw new ConnectFailure(
                                Kind.UNREACHABLE,
                                "the daemon at " + place + " is npm's, which says nothing about itself",
                                null);
                    }
                    keep = true;
                    fitting = session;
                    return Found.FITS;
                }
                case HELLO -> {
                    boolean fits = fits(place, session.hello());
                    keep = true;
                    if (fits) {
                        fitting = session;
                    } else {
                        unfit = session;
                    }
                    return fits ? Found.FITS : Found.UNFIT;
                }
                case LOST -> {
                    // The daemon was about to leave. No call was served, so the user needs no message.
                    if (++lost > 3) {
                        step = "the daemon closed " + lost + " connections before its hello";
                        pause();
                    }
                    return Found.UNKNOWN;
                }
                case STRANGER ->
                    throw new ConnectFailure(
                            Kind.UNREACHABLE,
                            "whoever listens on " + place
                                    + " is not an auto-daemon; it was left alone. Use another socket",
                            null);
                case ORPHANED -> {
                    removeOrphan(place);
                    return Found.UNKNOWN;
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

    private void removeOrphan(SocketPath place) throws IOException {
        if (ListeningSocket.isOrphan(place, true)) {
            orphan = "the daemon before it died, and a process that it had forked keeps its socket open";
        }
    }

    /** A running daemon says hello within milliseconds; if it does not, the user is told before the deadline. */
    private Greeting greeting(SocketPath place, ClientSession session, UnixSocket.Attempt attempt)
            throws IOException, InterruptedException {
        boolean patient = !probe && deadline - System.nanoTime() > PATIENCE;
        Greeting greeting =
                session.greet(role, target.stacks(), patient ? System.nanoTime() + PATIENCE : deadline, place, attempt);
        if (greeting == Greeting.SILENT && patient) {
            target.report()
                    .accept("the daemon at " + place + " has not answered for " + PATIENCE / SECOND
                            + " s, and is waited for, for at most " + (deadline - System.nanoTime()) / SECOND
                            + " s more; it may be stopped, or have no time" + mend());
            greeting = session.awaitHello(deadline, place, attempt);
        }
        return greeting;
    }

    /** True if the daemon that said hello fits. */
    private boolean fits(SocketPath place, @Nullable Hello hello) throws ConnectFailure {
        Fingerprint wanted = target.fingerprint();
        String refused = hello == null ? null : hello.text("refused");
        if (refused != null) {
            throw new ConnectFailure(Kind.UNREACHABLE, "the daemon at " + place + " refused: " + refused, null);
        }
        if (hello == null || wanted == null || probe) {
            return true;
        }
        return wanted.fits(hello);
    }

    /** Why the daemon does not fit, as {@code field: a -> b}. */
    private String difference(@Nullable ClientSession session) throws InterruptedException {
        Hello hello = session == null ? null : session.hello();
        Fingerprint wanted = target.fingerprint();
        return session == null || hello == null || wanted == null
                ? "it does not say who it is"
                : wanted.difference(hello, session, deadline);
    }

    private String running(@Nullable ClientSession session) {
        return "the daemon at " + socket + " (pid " + pid(session == null ? null : session.hello()) + ")";
    }

    /** Replaces a daemon that does not fit; the lock is held. It gives up nothing before its successor can serve. */
    private void replace(ClientSession session, Fingerprint wanted)
            throws IOException, InterruptedException, ConnectFailure {
        Hello hello = session.hello();
        String running = running(session);
        String difference = difference(session);
        String deleted = wanted.deleted();
        if (deleted != null) {
            throw incompatible(running + " does not fit, and was left as it is, since another cannot be started: "
                    + deleted + " was deleted, as an upgrade does; start this program again. " + difference);
        }
        SocketPath place = beside();
        if (target.otherwise() == DaemonConfig.Otherwise.FAIL) {
            throw incompatible(running + " does not fit, and this client does not replace it: " + difference);
        }
        if (target.otherwise() == DaemonConfig.Otherwise.BESIDE && place != null) {
            start(place, StartOrder.Role.BESIDE, "beside " + running + ": " + difference, null);
            return;
        }
        String refused = running + " does not fit, and does not let itself be replaced: " + difference + "; ";
        if (hello != null && hello.isForeground()) {
            throw incompatible(refused + "it runs in the foreground of a program, which clients do not replace; stop it"
                    + " there");
        }
        step = "waiting for the daemon (pid " + pid(hello) + ") to say whether it may be replaced";
        Response answer = session.ask("replaceable", List.of(wanted.digest()), deadline);
        if (answer == null) {
            // The daemon has left meanwhile, or the deadline has passed.
            pause();
            return;
        }
        Map<?, ?> terms = answer.value() instanceof Map<?, ?> map ? map : Map.of();
        boolean exclusive = target.exclusive() || Boolean.TRUE.equals(terms.get("exclusive"));
        if (terms.get("refused") instanceof String reason) {
            if (exclusive || place == null) {
                throw incompatible(refused + reason);
            }
            start(place, StartOrder.Role.BESIDE, "beside " + running + ": " + difference, null);
            target.report()
                    .accept("started a daemon of this program's own, beside " + running
                            + ", since they are used in turn: " + difference);
            return;
        }
        if (++replacements > MAX_REPLACEMENTS) {
            throw incompatible(running + " does not fit, after " + MAX_REPLACEMENTS + " were replaced: " + difference);
        }
        Start.Predecessor predecessor = new Start.Predecessor() {
            @Override
            public void retire() throws InterruptedException, ConnectFailure {
                retireFor(session, difference, refused);
            }

            @Override
            public String remains() {
                return running + ", whose place it was to take, was left as it is: " + difference
                        + (exclusive ? "" : ". A service of which there must be one at a time says exclusive(true)");
            }
        };
        start(
                socket,
                exclusive ? StartOrder.Role.HEIR : StartOrder.Role.SUCCESSOR,
                "replaces pid " + pid(hello) + ": " + difference,
                predecessor);
    }

    /** The old daemon finishes the work of its other clients. */
    private void retireFor(ClientSession session, String difference, String refused)
            throws InterruptedException, ConnectFailure {
        step = "waiting for the daemon (pid " + pid(session.hello()) + ") to retire";
        Response answer = session.ask("retire", List.of(difference), deadline);
        Map<?, ?> refusal = answer == null ? null : answer.error();
        if (refusal != null) {
            throw incompatible(refused + refusal.get("message"));
        }
        if (answer == null && session.isOpen()) {
            throw new ConnectFailure(
                    Kind.UNREACHABLE, running(session) + " did not retire in time: " + difference, null);
        }
        // Or the daemon has gone before its answer, which is equivalent.
        target.report().accept("replaced " + running(session) + ": " + difference);
    }

    private static long pid(@Nullable Hello hello) {
        return hello == null ? 0 : hello.pid();
    }

    private static ConnectFailure incompatible(String message) {
        return new ConnectFailure(Kind.INCOMPATIBLE, message, null);
    }

    private @Nullable Connected lockAndStart() throws IOException, InterruptedException, ConnectFailure {
        forgetUnfit();
        socket.prepareDirectory();
        if (!waits) {
            waits = true;
            knownFailure = FailureNote.which(socket);
        }
        step = "waiting for another client, which is starting the daemon";
        LockFile lock = LockFile.tryAcquire(socket.spawnLock());
        if (lock == null) {
            pause();
            return null;
        }
        LockFile second = null;
        try {
            Target.Place place = target.place();
            SocketPath other = place == null ? null : place.other(socket);
            if (other != null) {
                // The starter holds both locks, so that there is one daemon.
                other.prepareDirectory();
                second = LockFile.tryAcquire(other.spawnLock());
                if (second == null) {
                    pause();
                    return null;
                }
                if (UnixSocket.isInUse(other)) {
                    socket = other;
                    pause();
                    return null;
                }
            }
            Found found = look(socket);
            UnixSocket.Outcome outcome = nobody;
            if (found == Found.FITS) {
                return connected();
            }
            if (found == Found.UNKNOWN) {
                return null;
            }
            Connected beside = lookBeside();
            if (beside != null) {
                return beside;
            }
            ClientSession session = unfit;
            Fingerprint wanted = target.fingerprint();
            if (session == null || wanted == null) {
                start(socket, StartOrder.Role.FIRST, why(outcome), null);
            } else {
                replace(session, wanted);
            }
            return null;
        } finally {
            if (second != null) {
                second.close();
            }
            lock.close();
        }
    }

    private String why(UnixSocket.Outcome found) {
        String last = orphan;
        orphan = null;
        return last != null
                ? last
                : found == UnixSocket.Outcome.REFUSED ? "the daemon before it died" : "nobody served";
    }

    private void start(SocketPath place, StartOrder.Role role, String why, Start.@Nullable Predecessor predecessor)
            throws IOException, InterruptedException, ConnectFailure {
        failAsOthersDid();
        if (spawns == MAX_SPAWNS) {
            throw new ConnectFailure(
                    Kind.UNREACHABLE,
                    "the daemon at " + place + " was started " + spawns
                            + " times and was gone each time before it could be used; see its log, "
                            + place.log(),
                    null);
        }
        spawns++;
        Start start = new Start(target, place, why, FailureNote.isAbout(socket, place.log()), deadline);
        SpawnEvent event = Flight.isOn() ? new SpawnEvent(place.toString(), why) : null;
        try {
            spawned = start.run(role, predecessor);
            FailureNote.forget(socket, target.report());
            if (event != null) {
                event.started(spawned == null ? 0 : spawned.pid());
            }
        } catch (ConnectFailure e) {
            if (e.kind() == Kind.START) {
                FailureNote.leave(socket, digest(), e);
            }
            throw e;
        } finally {
            if (event != null) {
                event.commit();
            }
        }
        // No event announces that a daemon of another starter accepts connections.
        if (spawned == null) {
            pause();
        }
    }

    private @Nullable String digest() {
        Fingerprint wanted = target.fingerprint();
        return wanted == null ? null : wanted.digest();
    }

    /** Sixty clients that wait for a broken service start one JVM and not sixty: they fail as the first client did. */
    private void failAsOthersDid() throws IOException, ConnectFailure {
        ConnectFailure failure = FailureNote.otherThan(knownFailure, socket, digest());
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits before the next look: no event announces a daemon that another client starts. */
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
