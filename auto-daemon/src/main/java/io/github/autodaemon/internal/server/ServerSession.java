package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.ByteStream;
import io.github.autodaemon.internal.mux.Monitor;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.Loop;
import io.github.autodaemon.internal.socket.SocketWire;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, in the daemon. It counts as a reference from the moment it is accepted, since an npm client
 * says nothing before its first call; the hello of a probe takes that back. The service hears of it with the first thing
 * it says.
 */
public final class ServerSession implements Session.Handler {
    private final DaemonServer server;
    private final Monitor monitor = new Monitor();
    private final Session session;
    private final SocketWire wire;
    private final Turn.Queue queue;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private boolean greeted;
    private Loop.@Nullable Timer firstMessage;
    private boolean spoken;
    private String peer = "a client that did not say its name";
    private boolean held;
    private int executing;
    private boolean closing;
    private boolean draining;
    private final long began = System.nanoTime();
    private volatile boolean called;
    private volatile boolean referenced = true;

    // Touched in the turn only.
    private @Nullable Guest guest;
    private @Nullable Throwable refused;

    ServerSession(DaemonServer server, SocketChannel channel) throws IOException {
        this.server = server;
        this.queue = server.turn().queue();
        this.wire = new SocketWire(channel, server.loop(), monitor, new Late());
        this.session = new Session(wire, monitor, server.settings().limits(), this, server.threads());
        this.session.errorFirst(server.settings().errorFirst());
    }

    /** The wire wants its reader before the session, which wants the wire, exists. */
    private final class Late implements io.github.autodaemon.internal.mux.Wire.Receiver {
        @Override
        public void receive(java.nio.ByteBuffer bytes) throws IOException {
            session.receive(bytes);
            watchIfHalfOpen();
        }

        @Override
        public void sent() {
            session.sent();
        }

        @Override
        public void closed(String reason) {
            session.closed(reason);
        }
    }

    /** The server speaks first: a client that got no hello knows that nothing of it was served. */
    void start() {
        session.control("hello", List.of(server.hello()), null);
        wire.start();
    }

    /** An npm client may be silent for as long as it likes; one that stops in its first message is none. */
    private void watchIfHalfOpen() {
        if (!greeted && firstMessage == null && session.closedBecause() == null) {
            firstMessage = server.loop().after(server.settings().firstMessage(), () -> {
                monitor.lock();
                try {
                    if (!greeted && session.closedBecause() == null) {
                        server.settings()
                                .surroundings()
                                .log()
                                .accept("a connection was ended that did not end its first message");
                        session.close();
                    }
                } finally {
                    monitor.unlock();
                }
            });
        }
    }

    /** The server of this connection. */
    public DaemonServer server() {
        return server;
    }

    /** Runs tasks in the service's turn, in this client's place of the queue. */
    public Executor turn() {
        return queue;
    }

    /** Whether the connection is open. */
    public boolean isOpen() {
        monitor.lock();
        try {
            return session.closedBecause() == null;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether a user has connected in the last {@code nanos} and not called anything yet. */
    boolean isNew(long nanos) {
        return referenced && !called && System.nanoTime() - began < nanos;
    }

    /** Whether it counts as a user of the daemon. */
    boolean isClient() {
        return referenced;
    }

    /** Calls that run, or that wait for a future of the service. */
    int calls() {
        return running.get();
    }

    /** Streams the service is busy with. */
    int streams() {
        return streams.get();
    }

    /** Ends the connection at once. */
    public void closeNow() {
        session.close();
    }

    /** Ends the connection after the answers of the calls that run now; calls that wait are dropped. */
    public void close() {
        close(false);
    }

    /** As {@link #close()}, and after those whose future is pending. */
    void drain() {
        close(true);
    }

    private void close(boolean waitsForFutures) {
        queue.close();
        monitor.lock();
        try {
            draining = waitsForFutures && (draining || !closing);
            closing = true;
            closeIfDone();
        } finally {
            monitor.unlock();
        }
    }

    private void closeIfDone() {
        if (closing && executing == 0 && (running.get() == 0 || !draining)) {
            session.closeWhenSent();
        }
    }

    // From the connection, with the monitor held.

    @Override
    public void call(Request request) {
        greeted = true;
        called = true;
        spoken();
        submit(() -> runCall(request), request);
    }

    @Override
    public void stream(String method, List<@Nullable Object> args, ByteStream stream) {
        greeted = true;
        called = true;
        spoken();
        submit(() -> runStream(method, args, stream), null);
    }

    @Override
    public void control(Request request) {
        greeted = true;
        Object given = request.args().isEmpty() ? null : request.args().get(0);
        switch (request.name()) {
            case "hello" -> hello(Hello.parse(request.args()));
            case "status" -> request.succeed(server.status());
            case "fingerprint" ->
                request.succeed(server.settings().surroundings().fingerprint());
            case "retire" ->
                server.replace(peer, String.valueOf(given), refusal -> {
                    if (refusal == null) {
                        request.succeed(null);
                    } else {
                        request.fail(ErrorObjects.of(refusal));
                    }
                });
            case "stop" -> {
                request.succeed(null);
                server.drain(Reason.stopped(given == null ? peer : peer + " (" + given + ")"));
            }
            default -> request.fail(ErrorObjects.of("no such request: \"" + request.name() + "\""));
        }
    }

    /** Java clients send a hello that wants an answer, because npm's daemon gives one (an error); here it was given. */
    private void hello(@Nullable Hello hello) {
        if (hello == null) {
            return;
        }
        session.peerIsJava();
        peer = "pid " + hello.pid();
        if (!hello.isProbe()) {
            spoken();
            server.greeted(hello.pid());
        } else if (referenced) {
            referenced = false;
            server.lifecycle().probes();
        }
    }

    private void spoken() {
        if (!spoken) {
            spoken = true;
            submit(this::connect, null);
        }
    }

    @Override
    public void closed(String reason) {
        Loop.Timer timer = firstMessage;
        if (timer != null) {
            // It would keep what was read of the message, which may be large, until its time has come.
            timer.cancel();
        }
        // The service hears of it in its turn; until then the daemon is not done.
        server.lifecycle().workStarted();
        queue.closeWith(this::leave);
        boolean counted = referenced;
        referenced = false;
        server.left(this, counted);
    }

    private void submit(Runnable task, @Nullable Request request) {
        queue.execute(() -> run(task, request));
        if (!held && queue.size() >= server.settings().limits().queuedCalls()) {
            held = true;
            session.hold();
        }
    }

    // In the turn.

    private void run(Runnable task, @Nullable Request request) {
        monitor.lock();
        try {
            if (closing || session.closedBecause() != null) {
                return;
            }
            executing++;
            if (request != null && request.isAnswered()) {
                running.incrementAndGet();
                request.whenAnswered(this::answered);
            }
        } finally {
            monitor.unlock();
        }
        server.lifecycle().workStarted();
        try {
            task.run();
        } finally {
            monitor.lock();
            try {
                executing--;
                if (held && queue.size() <= server.settings().limits().queuedCalls() / 2) {
                    held = false;
                    session.resume();
                }
                closeIfDone();
            } finally {
                monitor.unlock();
            }
            server.lifecycle().workEnded();
        }
    }

    private void answered() {
        running.decrementAndGet();
        closeIfDone();
    }

    private void leave() {
        try {
            Guest left = guest;
            if (left != null) {
                left.closed();
            }
        } finally {
            server.lifecycle().workEnded();
        }
    }

    private void connect() {
        try {
            guest = server.host().connected(this);
        } catch (Throwable t) {
            refused = t;
            server.log("the service failed when a client connected", t);
        }
    }

    private void runCall(Request request) {
        Guest present = guest;
        try {
            if (present == null) {
                throw refusal();
            }
            present.call(request);
        } catch (Throwable t) {
            request.fail(ErrorObjects.of(t));
            if (t instanceof VirtualMachineError || !request.isAnswered()) {
                server.log("a call of \"" + request.name() + "\" failed", t);
            }
        }
    }

    private IllegalStateException refusal() {
        return new IllegalStateException("the service failed when this client connected: " + refused, refused);
    }

    private void runStream(String method, List<@Nullable Object> args, ByteStream stream) {
        Guest present = guest;
        Guest.StreamTask task;
        try {
            if (present == null) {
                throw refusal();
            }
            task = present.stream(method, args, stream);
        } catch (Throwable t) {
            stream.cancel(String.valueOf(t.getMessage()));
            return;
        }
        streams.incrementAndGet();
        server.threads().execute(() -> {
            try {
                task.run();
            } catch (Throwable t) {
                stream.cancel(t.getMessage() == null ? t.toString() : t.getMessage());
            } finally {
                streams.decrementAndGet();
            }
        });
    }
}
