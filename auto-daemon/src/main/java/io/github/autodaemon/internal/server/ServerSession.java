package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.command.CommandRequest;
import io.github.autodaemon.internal.command.CommandRun;
import io.github.autodaemon.internal.fs.Token;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SeparateStream;
import io.github.autodaemon.internal.net.SocketWire;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, in the daemon. The connection counts as a reference from the moment it is accepted, since an
 * npm client says nothing before its first call; the hello of a probe undoes this. The service is told of the client
 * with its first message.
 */
final class ServerSession implements Session.Handler, ServedClient {
    /** A frame of type 7, which every peer ignores. */
    private static final byte[] NOTHING = {7, 0};

    private final ServerParts server;
    private final Monitor monitor;
    private final Session session;
    private final SocketWire wire;
    private final ClientQueue work;
    private final Executor cancellations;
    private final PendingStreams attachments;
    private final String token = Token.next();
    private boolean greeted;
    private Loop.@Nullable Timer firstMessage;
    private boolean spoken;
    private volatile long pid;
    private boolean within;
    private String peer = "a client that did not say its name";
    private final long began = System.nanoTime();
    private volatile boolean called;
    private volatile boolean referenced = true;
    private volatile boolean hasGone;

    /** A command was asked for, and may not be accepted yet. */
    private boolean asked;

    /** From its acceptance on the connection carries pieces, and no frames. */
    private volatile @Nullable CommandRun command;

    /** Runs when the command of a client that has gone is over. */
    private @Nullable Runnable afterCommand;

    ServerSession(ServerParts server, SocketChannel channel) throws IOException {
        this.server = server;
        this.monitor = new Monitor();
        this.wire = new SocketWire(channel, server.loop(), monitor, new Late(), server.batch());
        this.session = new Session(wire, monitor, server.config().limits(), this, server.elsewhere());
        this.session.errorFirst(server.config().errorFirst());
        if (server.config().concurrency() == 1) {
            session.servesInTurnOf(server.id());
        }
        this.work = new ClientQueue(server, this, session);
        this.cancellations = server.cancellations().queue();
        this.attachments =
                new PendingStreams(session, server.config().limits().streams(), server.loop(), server.firstMessage());
        wire.sendWhileNotReading(NOTHING);
    }

    /** The wire needs its receiver before the session, which needs the wire, exists. */
    private final class Late implements io.github.autodaemon.internal.net.Wire.Receiver {
        @Override
        public void receive(java.nio.ByteBuffer bytes) throws IOException {
            CommandRun running = command;
            if (running == null) {
                session.receive(bytes);
                watchIfHalfOpen();
            } else {
                running.receive(bytes);
            }
        }

        @Override
        public long unended() {
            return session.unended();
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

    /** The server speaks first: a client without a hello knows that none of its requests was served. */
    void start() {
        Map<String, @Nullable Object> hello = server.hello();
        hello.put("streams", token);
        session.control("hello", List.of(hello), null);
        wire.start();
    }

    /** An npm client may be silent for as long as it likes; a peer that stops in its first message is no npm client. */
    private void watchIfHalfOpen() {
        if (!greeted && firstMessage == null && session.closedBecause() == null) {
            firstMessage = server.loop().after(server.firstMessage(), () -> {
                monitor.lock();
                try {
                    if (!greeted && session.closedBecause() == null) {
                        server.context().log().accept("a connection was ended that did not end its first message");
                        session.close();
                    }
                } finally {
                    monitor.unlock();
                }
            });
        }
    }

    @Override
    public void acquire() {
        server.acquire();
    }

    @Override
    public void release() {
        server.release();
    }

    @Override
    public int waiting() {
        return work.waiting();
    }

    @Override
    public int calls() {
        return work.calls() + (runsCommand() ? 1 : 0);
    }

    private boolean runsCommand() {
        CommandRun running = command;
        return running != null && !running.isOver();
    }

    @Override
    public int streams() {
        return work.streams();
    }

    @Override
    public Executor turn() {
        return work.queue();
    }

    @Override
    public Limits limits() {
        return session.limits();
    }

    @Override
    public Executor cancellations() {
        return cancellations;
    }

    @Override
    public boolean isOpen() {
        monitor.lock();
        try {
            return session.closedBecause() == null;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public boolean isNew(long nanos) {
        return referenced && !called && System.nanoTime() - began < nanos;
    }

    @Override
    public boolean isClient() {
        return referenced;
    }

    @Override
    public boolean isStuck() {
        return hasGone && (runsCommand() || !work.activities().isEmpty());
    }

    @Override
    public Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("pid", pid);
        if (hasGone) {
            map.put("gone", true);
        }
        map.put("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        List<Map<String, @Nullable Object>> doing = new ArrayList<>();
        for (Activity activity : work.activities()) {
            doing.add(activity.describe());
        }
        CommandRun running = command;
        if (running != null && !running.isOver()) {
            doing.add(new Activity(running.text(), "command", running.age()).describe());
        }
        map.put("doing", doing);
        return map;
    }

    @Override
    public void closeNow() {
        session.close();
    }

    @Override
    public void close() {
        close(false);
    }

    @Override
    public void drain() {
        close(true);
    }

    /** A command that was accepted ends its connection by itself; none is accepted between this look and the end. */
    private void close(boolean waitsForFutures) {
        monitor.lock();
        try {
            if (command == null) {
                work.close(waitsForFutures);
            }
        } finally {
            monitor.unlock();
        }
    }

    // From the connection, with the monitor held.

    @Override
    public void call(Request request) {
        greeted = true;
        called = true;
        spoken();
        work.call(request);
    }

    @Override
    public void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {
        greeted = true;
        called = true;
        spoken();
        work.stream(method, args, stream, length);
    }

    @Override
    public void outputFull(boolean full) {
        work.queue().pause(full);
    }

    @Override
    public @Nullable SeparateStream separate(String name) {
        return attachments.take(name);
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public boolean isWithin() {
        return within;
    }

    @Override
    public String token() {
        return token;
    }

    /** Makes this connection a stream of another session; it then is no reference. */
    private void attach(Request request) {
        Object known = request.args().isEmpty() ? null : request.args().get(0);
        Object name = request.args().size() < 2 ? null : request.args().get(1);
        ServedClient owner = server.sessions().find(known);
        if (owner == null || owner == this || name == null || spoken) {
            request.fail(ErrorObjects.of("no such session"));
            return;
        }
        uncount();
        request.succeed(null);
        wire.handOverWhenSent(channel -> owner.attached(name.toString(), channel));
    }

    @Override
    public void attached(String name, SocketChannel channel) {
        monitor.lock();
        try {
            attachments.add(name, channel);
        } finally {
            monitor.unlock();
        }
    }

    private void uncount() {
        if (referenced) {
            referenced = false;
            server.lifecycle().probes();
        }
    }

    @Override
    public void control(Request request) {
        greeted = true;
        Object given = request.args().isEmpty() ? null : request.args().get(0);
        switch (request.name()) {
            case "hello" -> hello(Hello.parse(request.args()));
            case "stream" -> attach(request);
            case CommandRequest.REQUEST -> command(request);
            case "cancel" -> work.cancel(given, reason(request));
            case "accepting" -> request.succeed(server.accepts());
            case "status" ->
                // In the loop: the status takes the lock of each session, one at a time.
                server.loop().after(0, () -> answerStatus(request));
            case "fingerprint" -> request.succeed(server.context().fingerprint());
            case "replaceable" -> server.replaceable(String.valueOf(given), request::succeed);
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
                String who = String.valueOf(given);
                // A requester that gives more details begins with the name that is known here.
                Reason reason = Reason.stopped(
                        given == null ? peer : who.startsWith(peer + " ") ? who : peer + " (" + who + ")");
                // In the loop, as above.
                server.loop().execute(() -> server.drain(reason));
            }
            default -> request.fail(ErrorObjects.of("no such request: \"" + request.name() + "\""));
        }
    }

    private void answerStatus(Request request) {
        try {
            request.succeed(server.status());
        } catch (RuntimeException | Error e) {
            request.fail(e);
        }
    }

    /** Runs a command, which has the rest of this connection for its streams. */
    private void command(Request request) {
        if (spoken || asked) {
            request.fail(ErrorObjects.of("a command has a connection of its own"));
            return;
        }
        asked = true;
        called = true;
        ServedCommand served = new ServedCommand(server, work, request, new ServedCommand.Owner() {
            @Override
            public boolean accept(CommandRun run, Runnable whenSent) {
                if (session.closedBecause() != null || work.isClosing()) {
                    return false;
                }
                pid = run.pid();
                server.greeted(pid);
                request.succeed(null);
                session.leaveFrames();
                command = run;
                wire.whenSent(whenSent);
                return true;
            }

            @Override
            public void ended() {
                Runnable last = afterCommand;
                afterCommand = null;
                if (last != null) {
                    last.run();
                }
            }
        });
        served.begin(wire, monitor);
    }

    private static String reason(Request request) {
        return "the caller cancelled it"
                + (request.args().size() < 2 ? "" : ": " + request.args().get(1));
    }

    /**
     * Java clients send a hello that wants an answer, because npm's daemon gives one (an error); this daemon's own
     * hello was the answer.
     */
    private void hello(@Nullable Hello hello) {
        if (hello == null) {
            return;
        }
        session.peerIsJava(hello);
        if (hello.wantsStacks()) {
            session.tellStacks();
        }
        within = hello.isWithin(server.daemonVariable());
        pid = hello.pid();
        peer = "pid " + pid;
        if (hello.isProbe()) {
            uncount();
            return;
        }
        if (!hello.isCommand()) {
            spoken();
        }
        server.greeted(hello.pid());
    }

    private void spoken() {
        if (!spoken) {
            spoken = true;
            work.connect();
        }
    }

    @Override
    public void closed(String reason) {
        Loop.Timer timer = firstMessage;
        if (timer != null) {
            // The timer would keep the unfinished message, which may be large, until it fires.
            timer.cancel();
        }
        // The service is told in its turn; until then the daemon is not done.
        server.lifecycle().workStarted();
        boolean counted = referenced;
        hasGone = true;
        referenced = false;
        try {
            CommandRun running = command;
            if (running != null && !running.isOver()) {
                afterCommand = () -> work.closed(server.lifecycle()::workEnded);
                running.closed();
            } else {
                work.closed(server.lifecycle()::workEnded);
            }
        } finally {
            try {
                attachments.closeAll();
            } finally {
                server.lifecycle().leave(counted);
            }
        }
    }
}
