package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.ByteStream;
import io.github.autodaemon.internal.mux.Monitor;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.SocketWire;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
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
    private boolean spoken;
    private boolean referenced = true;
    private boolean held;
    private int executing;
    private boolean closing;

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

    /** Ends the connection at once. */
    public void closeNow() {
        session.close();
    }

    /** Ends the connection after the answers of the calls that run now; calls that wait are dropped. */
    public void close() {
        queue.close();
        monitor.lock();
        try {
            closing = true;
            closeIfDone();
        } finally {
            monitor.unlock();
        }
    }

    private void closeIfDone() {
        if (closing && executing == 0) {
            session.closeWhenSent();
        }
    }

    // From the connection, with the monitor held.

    @Override
    public void call(Request request) {
        spoken();
        submit(() -> runCall(request));
    }

    @Override
    public void stream(String method, List<@Nullable Object> args, ByteStream stream) {
        spoken();
        submit(() -> runStream(method, args, stream));
    }

    @Override
    public void control(Request request) {
        switch (request.name()) {
            case "hello" -> hello(Hello.parse(request.args()));
            case "retire" -> {
                Object reason = request.args().isEmpty() ? null : request.args().get(0);
                server.replace("asked to by a client: " + reason);
                request.succeed(null);
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
        if (!hello.isProbe()) {
            spoken();
        } else if (referenced) {
            referenced = false;
            server.lifecycle().release();
        }
    }

    private void spoken() {
        if (!spoken) {
            spoken = true;
            submit(this::connect);
        }
    }

    @Override
    public void closed(String reason) {
        // The service hears of it in its turn; until then the daemon is not done.
        server.lifecycle().workStarted();
        queue.closeWith(this::leave);
        boolean counted = referenced;
        referenced = false;
        server.left(this, counted);
    }

    private void submit(Runnable task) {
        queue.execute(() -> run(task));
        if (!held && queue.size() >= server.settings().limits().queuedCalls()) {
            held = true;
            session.hold();
        }
    }

    // In the turn.

    private void run(Runnable task) {
        monitor.lock();
        try {
            if (closing || session.closedBecause() != null) {
                return;
            }
            executing++;
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
        server.threads().execute(() -> {
            try {
                task.run();
            } catch (Throwable t) {
                stream.cancel(t.getMessage() == null ? t.toString() : t.getMessage());
            }
        });
    }
}
