package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.command.Piece;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.ConnectionLock;
import io.github.autodaemon.internal.net.DedicatedStream;
import io.github.autodaemon.internal.net.ListeningSocket;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.net.SocketWire;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.net.Wire;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Response;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection. A thread that waits for an answer reads the socket itself; the reader thread reads only while
 * a future is outstanding or a callback waits for the end of the connection.
 */
public final class ClientSession implements Session.Handler, Wire.Receiver {
    /** A daemon that does not answer in this time gets no stream on a connection of its own. */
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(5);

    /**
     * A daemon that has not answered in this time is asked, on the session's connection, whether it accepts
     * connections.
     */
    private static final long ASK_AFTER = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long a silence lasts before the client checks the socket. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(250);

    private final Loop loop;
    private final ConnectionLock monitor;
    private final SocketWire wire;
    private final Session session;
    private final FutureCalls futures;
    private final Limits limits;
    private final @Nullable StreamConnector door;
    private boolean started;
    private boolean strange;
    private @Nullable Hello hello;
    private volatile @Nullable SocketPath place;
    private boolean npm;
    private Piece.@Nullable Reader pieces;
    private final List<Runnable> onClose = new ArrayList<>();

    public ClientSession(SocketChannel channel, Limits limits, @Nullable StreamConnector door) throws IOException {
        this.limits = limits;
        this.door = door;
        loop = new Loop();
        monitor = new ConnectionLock(loop);
        wire = new SocketWire(channel, loop, monitor, this);
        session = new Session(wire, monitor, limits, this, null);
        futures = new FutureCalls(session, monitor, loop, new Runnable() {
            @Override
            public void run() {
                refuseNested();
            }
        });
    }

    /** A session with a server in this process, on a connection that the server serves. */
    public static ClientSession over(
            SocketChannel channel, Limits limits, Hello.Role role, boolean stacks, StreamConnector door, long deadline)
            throws IOException, InterruptedException {
        ClientSession session = new ClientSession(channel, limits, door);
        Greeting greeting = session.greet(role, stacks, deadline);
        if (greeting != Greeting.HELLO) {
            session.close();
            throw new IOException("the server in this process did not say hello: " + greeting);
        }
        return session;
    }

    /** Exchanges hellos. No call is made before, so a connection that is lost here can be made again unnoticed. */
    public Greeting greet(Hello.Role role, boolean stacks, long deadline) throws InterruptedException {
        greet(role, stacks);
        return awaitHello(deadline);
    }

    /** As above. Checks now and then whether the daemon that has accepted the connection can still serve it. */
    public Greeting greet(Hello.Role role, boolean stacks, long deadline, SocketPath socket, UnixSocket.Attempt attempt)
            throws InterruptedException, IOException {
        greet(role, stacks);
        return awaitHello(deadline, socket, attempt);
    }

    /** Waits for the hello, and goes on after a silence. */
    public Greeting awaitHello(long deadline, SocketPath socket, UnixSocket.Attempt attempt)
            throws InterruptedException, IOException {
        while (true) {
            long left = deadline - System.nanoTime();
            Greeting greeting = awaitHello(left > LOOK ? System.nanoTime() + LOOK : deadline);
            if (greeting != Greeting.SILENT) {
                return greeting;
            }
            if (attempt.isOutdated(socket)) {
                return Greeting.LOST;
            }
            if (ListeningSocket.isOrphan(socket, false)) {
                return Greeting.ORPHANED;
            }
            if (left <= LOOK) {
                return Greeting.SILENT;
            }
        }
    }

    private void greet(Hello.Role role, boolean stacks) {
        monitor.lock();
        try {
            wire.reading(true);
            session.control(
                    "hello", List.of(Hello.client(role, ProcessIdentity.ownPid(), stacks, limits)), new ReplyHandler() {
                        @Override
                        public void answered(List<@Nullable Object> args) {
                            npm = hello == null;
                        }

                        @Override
                        public void lost(boolean sent, String reason) {}
                    });
        } finally {
            monitor.unlock();
        }
    }

    private Greeting awaitHello(long deadline) throws InterruptedException {
        monitor.lock();
        try {
            boolean inTime = monitor.await(
                    new BooleanSupplier() {
                        @Override
                        public boolean getAsBoolean() {
                            return hello != null || npm || session.closedBecause() != null;
                        }
                    },
                    deadline);
            Hello heard = hello;
            if (heard != null) {
                session.peerIsJava(heard);
                return Greeting.HELLO;
            }
            if (npm) {
                session.peerIsNpmDaemon();
                return Greeting.NPM;
            }
            if (!inTime) {
                return Greeting.SILENT;
            }
            return strange ? Greeting.STRANGER : Greeting.LOST;
        } finally {
            monitor.unlock();
        }
    }

    /** The deadline of a call that begins now, with this timeout; 0 is no limit. */
    public static long deadline(long timeoutMillis) {
        return timeoutMillis == 0 ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** The limits of what the two peers may make each other hold. */
    public Limits limits() {
        return session.limits();
    }

    /** Notes where the daemon listens. */
    public void reached(SocketPath at) {
        place = at;
    }

    /** The path that the daemon listens at; null for a server in this process. */
    public @Nullable SocketPath place() {
        return place;
    }

    /** The daemon's hello; null when the daemon is npm's. */
    public @Nullable Hello hello() {
        return hello;
    }

    /** Sets whether npm's answers are {@code (error, value)}. */
    public void errorFirst(boolean on) {
        if (npm) {
            session.errorFirst(on);
        }
    }

    /**
     * Calls and waits.
     *
     * @param timeoutMillis how long the caller waits at most; 0 for no limit
     * @throws InterruptedException when interrupted; the call is cancelled, and the connection goes on
     */
    public CallResult call(String method, Object args, long timeoutMillis) throws InterruptedException {
        refuseNested();
        PendingReply waiting = new PendingReply(session.errorFirst());
        // Taken before the call is sent: the daemon, which counts from when it reads, must not be the first to find the
        // call overdue.
        long deadline = deadline(timeoutMillis);
        long id = session.call(method, args, waiting, timeoutMillis, deadline);
        String cancelled = "the caller was interrupted";
        monitor.lock();
        try {
            if (!monitor.await(waiting, deadline)) {
                cancelled = "it took too long";
            }
        } finally {
            if (waiting.outcome() == null) {
                session.cancel(id, cancelled);
            }
            monitor.unlock();
        }
        CallResult outcome = waiting.outcome();
        return outcome == null ? CallResult.TIMED_OUT : outcome;
    }

    /**
     * Calls; cancelling the future cancels the call.
     *
     * @param timeoutMillis how long the call may take at most; 0 for no limit
     * @param result converts the outcome to the future's value
     */
    public <T> CompletableFuture<T> callAsync(
            String method, Object args, long timeoutMillis, Function<CallResult, T> result)
            throws InterruptedException {
        return futures.call(method, args, timeoutMillis, deadline(timeoutMillis), result);
    }

    /**
     * Checked before a wait for an answer.
     *
     * @throws IllegalStateException when the answer would come only after this thread has gone on
     */
    public void refuseNested() {
        Hello told = hello;
        if (told != null && Request.holdsTurnOf(told.fields().get("id"))) {
            throw new IllegalStateException(
                    "a method of the service calls the daemon that it runs in (pid " + told.pid()
                            + "), which takes one call at a time and so would answer after this method, which waits for it. Call the"
                            + " service's object directly, do not wait here (CompletableFuture), or let the service be concurrent");
        }
    }

    /**
     * Calls without an answer.
     *
     * @return false when the call was not sent, or not wholly, by the deadline
     */
    public boolean send(String method, Object args, long deadline) throws InterruptedException, IOException {
        failIfOver();
        session.call(method, args, null, 0, deadline);
        monitor.lock();
        try {
            failIfOver();
            return awaitSent(deadline);
        } finally {
            monitor.unlock();
        }
    }

    private void failIfOver() throws IOException {
        monitor.lock();
        try {
            String reason = session.over();
            if (reason != null) {
                throw new IOException(reason);
            }
        } finally {
            monitor.unlock();
        }
    }

    /** True if the daemon has said that it leaves and begins no more calls. */
    public boolean isLeft() {
        monitor.lock();
        try {
            return session.isLeft();
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits until all bytes are sent, for a call without an answer: no thread reads on after it, so no thread would
     * send the rest. The monitor is held.
     */
    private boolean awaitSent(long deadline) throws InterruptedException {
        return monitor.await(
                new BooleanSupplier() {
                    @Override
                    public boolean getAsBoolean() {
                        return wire.queued() == 0 || session.closedBecause() != null;
                    }
                },
                deadline);
    }

    /**
     * Opens a stream, on a connection of its own if the daemon offers this and a connection can be made.
     *
     * @return null when the stream was not opened by the deadline
     * @throws IOException when the connection is over
     * @throws InterruptedException when interrupted before the stream was opened
     */
    public @Nullable ByteStream open(String method, Object args, long deadline)
            throws IOException, InterruptedException {
        String name = session.nextStream();
        String token = hello == null || door == null ? null : hello.text("streams");
        SocketChannel channel = token == null || door == null ? null : attach(door, this, token, name, deadline);
        if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0) {
            if (channel != null) {
                channel.close();
            }
            return null;
        }
        ByteStream stream = channel == null ? session.open(name, method, args, null) : own(channel, name, method, args);
        boolean sent = false;
        monitor.lock();
        try {
            sent = awaitSent(deadline);
        } finally {
            monitor.unlock();
            if (!sent) {
                stream.cancel("the caller has stopped");
            }
        }
        return sent ? stream : null;
    }

    private ByteStream own(SocketChannel channel, String name, String method, Object args) throws IOException {
        DedicatedStream own = new DedicatedStream(channel, session.link(name));
        boolean opened = false;
        try {
            ByteStream stream = session.open(name, method, args, own);
            opened = true;
            return stream;
        } finally {
            if (!opened) {
                own.closed("the stream was not opened");
            }
        }
    }

    /** Sends the first request on a new connection, which says what the connection is for. */
    PendingReply introduce(String request, List<?> args) {
        wire.start();
        return question(request, args);
    }

    private PendingReply question(String request, List<?> args) {
        PendingReply waiting = new PendingReply(true);
        session.control(request, args, waiting);
        return waiting;
    }

    /** The outcome of the call; null when the deadline passed first. */
    @Nullable
    CallResult await(PendingReply waiting, long deadline) throws InterruptedException {
        return monitor.lockAndAwait(waiting, deadline) ? waiting.outcome() : null;
    }

    /** What follows the current frame are no frames: {@code sink} gets all bytes from now on. The monitor is held. */
    void leaveFrames(Piece.Reader sink) {
        session.leaveFrames();
        pieces = sink;
    }

    Session session() {
        return session;
    }

    /** Gives up the channel, which stays open. */
    void handOver() {
        monitor.lock();
        try {
            wire.handOverWhenSent(channel -> {});
        } finally {
            monitor.unlock();
        }
        loop.close();
    }

    /**
     * Sends a request to the daemon's library, not its service; null when the connection ended first, or the deadline
     * passed.
     */
    public @Nullable Response ask(String request, List<?> args, long deadline) throws InterruptedException {
        CallResult outcome = await(question(request, args), deadline);
        return outcome == null ? null : outcome.answer();
    }

    /** Waits until the connection is over; false when the deadline passed first. */
    public boolean awaitClose(long deadline) throws InterruptedException {
        return monitor.lockAndAwait(() -> session.closedBecause() != null, deadline);
    }

    /** Runs the callback {@code action}, not on the calling thread, when the connection is over; at once if it is. */
    public void onClose(Runnable action) {
        monitor.lock();
        try {
            if (session.closedBecause() == null) {
                monitor.needed();
                onClose.add(action);
                return;
            }
        } finally {
            monitor.unlock();
        }
        Thread told = new Thread(action, "auto-daemon-closed");
        told.setDaemon(true);
        told.start();
    }

    /** True while no thread has seen the end of the connection. */
    public boolean isOpen() {
        monitor.lock();
        try {
            return session.closedBecause() == null;
        } finally {
            monitor.unlock();
        }
    }

    /** Ends the connection. Written bytes are sent first, as far as the socket takes them. */
    public void close() {
        // The loop is closed first: for a channel that is registered with a selector the JDK looks up an option before
        // it closes the channel.
        loop.close();
        session.close();
        monitor.awaitReaderGone();
    }

    // From the connection, with the monitor held.

    @Override
    public void receive(ByteBuffer bytes) throws IOException {
        if (!started && bytes.hasRemaining()) {
            started = true;
            // A peer that knows the protocol speaks first on the stream "0", whose first frame begins with a zero.
            strange = bytes.get(bytes.position()) != 0;
            if (strange) {
                throw new ProtocolException("the first byte is " + (bytes.get(bytes.position()) & 0xff));
            }
        }
        try {
            Piece.Reader commands = pieces;
            if (commands == null) {
                session.receive(bytes);
                commands = pieces;
                bytes = commands == null ? bytes : session.behind();
            }
            if (commands != null) {
                commands.read(bytes);
                monitor.signalAll();
            }
        } finally {
            futures.received();
        }
    }

    @Override
    public void sent() {
        session.sent();
    }

    @Override
    public void call(Request request) {
        request.fail(ErrorObjects.of("this client has no methods"));
    }

    @Override
    public void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {
        stream.cancel("this client has no methods");
    }

    @Override
    public void control(Request request) {
        if (request.name().equals("hello")) {
            if (hello == null) {
                hello = Hello.parse(request.args());
            }
        } else if (request.name().equals(Session.LEAVING)) {
            if (!request.args().isEmpty() && request.args().get(0) instanceof Long last) {
                session.peerBeginsNoMore(last);
            }
        } else {
            request.fail(ErrorObjects.of("no such request: \"" + request.name() + "\""));
        }
    }

    /** Called by the wire first: the session fails the outstanding calls, and then calls this method again. */
    @Override
    public void closed(String reason) {
        if (session.closedBecause() == null) {
            session.closed(reason);
            return;
        }
        monitor.end(new ArrayList<>(onClose));
        onClose.clear();
    }

    /**
     * Makes a connection for one stream of a session. A daemon that is out of descriptors leaves the connection in the
     * backlog, where it looks like any other; if the daemon accepts it after this client has given up, the daemon sees
     * its end.
     *
     * @param token which session, as the daemon said in its hello
     * @param name of the stream
     * @param deadline when the caller that opens the stream stops waiting
     * @return null when no connection can be made: the daemon has given up its path, or has no descriptors left
     */
    private static @Nullable SocketChannel attach(
            StreamConnector door, ClientSession session, String token, String name, long deadline)
            throws InterruptedException {
        try {
            SocketChannel channel = door.open();
            if (channel == null) {
                return null;
            }
            ClientSession aside = over(channel, session.limits());
            boolean kept = false;
            try {
                Response answer = answer(aside, aside.introduce("stream", List.of(token, name)), session, deadline);
                kept = answer != null && answer.error() == null;
            } finally {
                if (kept) {
                    aside.handOver();
                } else {
                    aside.close();
                }
            }
            return kept ? channel : null;
        } catch (IOException e) {
            // After any failure the stream can share the session's connection.
            return null;
        }
    }

    private static @Nullable Response answer(
            ClientSession aside, PendingReply waiting, ClientSession session, long unwanted)
            throws InterruptedException {
        long timedOut = System.nanoTime() + TIMEOUT;
        long deadline = unwanted == Long.MAX_VALUE || timedOut - unwanted < 0 ? timedOut : unwanted;
        CallResult outcome = aside.await(waiting, askAt(deadline));
        while (outcome == null && deadline - System.nanoTime() > 0) {
            Response accepting = session.ask("accepting", List.of(), deadline);
            if (accepting != null && Boolean.FALSE.equals(accepting.value())) {
                return null;
            }
            outcome = aside.await(waiting, askAt(deadline));
        }
        return outcome == null ? null : outcome.answer();
    }

    private static long askAt(long deadline) {
        long askAt = System.nanoTime() + ASK_AFTER;
        return deadline - askAt < 0 ? deadline : askAt;
    }

    /** Opening the session's selector may fail for want of descriptors; then the channel is closed. */
    private static ClientSession over(SocketChannel channel, Limits limits) throws IOException {
        boolean made = false;
        try {
            ClientSession session = new ClientSession(channel, limits, null);
            made = true;
            return session;
        } finally {
            if (!made) {
                channel.close();
            }
        }
    }
}
