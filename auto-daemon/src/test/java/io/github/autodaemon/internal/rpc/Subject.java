package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.fuzz.Said;
import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Monitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A session, what its owner does with it, and what must be true of it after every step. One thread does all of it. */
final class Subject implements Session.Handler {
    static final Limits LIMITS = new Limits(40_000, 12, 4, 256, 8);

    private static final long OUTPUT = 1 << 20;
    private static final int PIECE = 4096;

    private final boolean server;
    private final HeldWire wire = new HeldWire();
    private final ArrayDeque<Runnable> parsing = new ArrayDeque<>();
    private final Session session;
    private final List<Request> requests = new ArrayList<>();
    private final List<ByteStream> streams = new ArrayList<>();
    private final List<Told> replies = new ArrayList<>();
    private boolean held;
    private int opened;
    private int closed;
    private int piece = PIECE;

    /** Nobody else could wake a waiter, so a wait is given up at once. */
    private static final class Impatient extends Monitor {
        @Override
        protected void pause(BooleanSupplier done, long nanos) throws InterruptedException {
            throw new InterruptedException("this would wait");
        }
    }

    private static final class Told implements ReplyHandler {
        private int times;

        @Override
        public void answered(List<@Nullable Object> args) {
            times++;
        }

        @Override
        public void lost(boolean sent, String reason) {
            times++;
        }
    }

    Subject(boolean server) {
        this.server = server;
        session = new Session(wire, new Impatient(), LIMITS, this, server ? parsing::add : null);
        wire.to(session);
    }

    // What the other end does.

    void arrive(byte[] bytes) {
        wire.arrive(bytes);
        deliver();
    }

    void cut(int size) {
        piece = size;
    }

    private void deliver() {
        boolean some = true;
        while (some) {
            session.monitor().lock();
            try {
                some = wire.deliver(piece);
                check();
            } finally {
                session.monitor().unlock();
            }
        }
    }

    void drain() {
        session.monitor().lock();
        try {
            wire.drain();
        } finally {
            session.monitor().unlock();
        }
        deliver();
    }

    // What this end does.

    boolean parse() {
        Runnable task = parsing.poll();
        if (task != null) {
            task.run();
            deliver();
        }
        return task != null;
    }

    boolean answer(int which, int how) {
        if (requests.isEmpty()) {
            return false;
        }
        Request request = requests.remove(which % requests.size());
        switch (how) {
            case 0 -> request.succeed(request.args());
            case 1 -> request.fail(ErrorObjects.of("no"));
            case 2 -> {
                request.succeed(null);
                request.fail(ErrorObjects.of("yes"));
            }
            default -> {
                request.succeed(Double.NaN);
                request.succeed(1);
            }
        }
        session.monitor().lock();
        try {
            if (held && requests.size() <= LIMITS.queuedCalls() / 2) {
                held = false;
                session.resume();
            }
        } finally {
            session.monitor().unlock();
        }
        deliver();
        return true;
    }

    void stream(int which, int how) {
        if (streams.isEmpty()) {
            return;
        }
        ByteStream stream = streams.get(which % streams.size());
        try {
            switch (how) {
                case 0 -> {
                    if (stream.input().available() > 0) {
                        check(stream.input().read(new byte[1 + which]) > 0, "nothing was read");
                    }
                }
                case 1 -> stream.output().write(new byte[which]);
                case 2 -> stream.output().close();
                case 3 -> stream.input().close();
                case 4 -> stream.cancel("enough");
                default -> stream.close();
            }
        } catch (IOException e) {
            // It was over, or full.
            boolean waited = Thread.interrupted();
            check(waited || e.getMessage() != null, "no message");
        }
        deliver();
    }

    void call(boolean oneWay) {
        Told told = new Told();
        try {
            session.call("add", List.of(1), oneWay ? null : told, 0, Long.MAX_VALUE);
            if (!oneWay) {
                replies.add(told);
            }
        } catch (InterruptedException e) {
            check(wire.queued() >= OUTPUT, "a call would wait for nothing");
        }
        deliver();
    }

    void open() {
        try {
            streams.add(session.open(session.nextStream(), "echo", List.of(), null));
            opened++;
        } catch (IOException e) {
            check(wire.isClosed(), "a stream cannot be opened: " + e.getMessage());
        }
        deliver();
    }

    // From the session.

    @Override
    public void call(Request request) {
        for (Object argument : request.args()) {
            check(!(argument instanceof String text) || text.length() < LIMITS.line(), "a call over the limit");
        }
        if (!server) {
            request.fail(ErrorObjects.of("this client has no methods"));
            return;
        }
        requests.add(request);
        if (!held && requests.size() >= LIMITS.queuedCalls()) {
            held = true;
            session.hold();
        }
    }

    @Override
    public void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {
        if (server && !method.equals("fail")) {
            streams.add(stream);
        } else {
            stream.cancel("no such method");
        }
    }

    @Override
    public void control(Request request) {
        if (request.name().equals("hello")) {
            Hello hello = Hello.parse(request.args());
            if (hello != null) {
                session.peerIsJava(hello);
            }
        } else if (request.name().equals("status")) {
            request.succeed(Map.of("state", "serving"));
        } else {
            request.fail(ErrorObjects.of("no such request: \"" + request.name() + "\""));
        }
    }

    @Override
    public void closed(String reason) {
        closed++;
    }

    // What must be true.

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private boolean isAwaited() {
        return replies.stream().anyMatch(told -> told.times == 0);
    }

    private void check() {
        if (wire.isClosed()) {
            return;
        }
        check(session.streams() <= LIMITS.streams() + opened, session.streams() + " streams");
        boolean stops = !wire.isReading() || isAwaited();
        check(stops || wire.queued() <= OUTPUT, "reads on although " + wire.queued() + " bytes wait to be sent");
        for (ByteStream stream : streams) {
            try {
                int waiting = stream.input().available();
                check(stops || waiting <= LIMITS.streamBuffer(), "reads on although a stream holds " + waiting);
                check(waiting <= LIMITS.streamBuffer() * Limits.STREAM_GROWTH, "a stream holds " + waiting);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Everything that either end waits for happens; then nothing may be left to wait for. */
    void settle() {
        piece = PIECE;
        int before;
        do {
            before = wire.delivered().length;
            drain();
            while (parse() || answer(0, 0)) {
                drain();
            }
            for (int i = 0; i < streams.size(); i++) {
                stream(i, 3);
                stream(i, 2);
                drain();
            }
        } while (wire.delivered().length > before);
        check(wire.isEmpty(), "stopped reading for ever");
        check(wire.isClosed() || wire.isReading(), "does not read although nothing waits");
        session.monitor().lock();
        try {
            wire.end("over");
        } finally {
            session.monitor().unlock();
        }
        check(closed == 1, "closed " + closed + " times");
        for (Told told : replies) {
            check(told.times == 1, "a caller was told " + told.times + " times");
        }
        checkAnswers(new Said(wire.delivered()), new Said(wire.written()));
    }

    /** Each request is answered at most once, on the stream it came on. */
    private static void checkAnswers(Said asked, Said answered) {
        check(answered.isWhole(), "what was written are no frames");
        for (String name : List.of("0", "1")) {
            Map<String, Integer> left = new HashMap<>();
            for (byte[] line : asked.lines(name)) {
                if (parsed(line) instanceof List<?> message
                        && message.size() > 2
                        && message.get(message.size() - 3) != null) {
                    left.merge(Json.text(message.get(message.size() - 1)), 1, Integer::sum);
                }
            }
            for (byte[] line : answered.lines(name)) {
                if (parsed(line) instanceof List<?> message && message.size() == 2) {
                    String id = Json.text(message.get(1));
                    check(!id.equals("-1"), "an answer that nobody wanted");
                    check(left.merge(id, -1, Integer::sum) >= 0, "one answer too many to " + id);
                }
            }
        }
    }

    private static @Nullable Object parsed(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        try {
            return text.isBlank() ? null : Json.parse(text, LIMITS.depth() + 2);
        } catch (IOException e) {
            return null;
        }
    }

    /** A call like any other is answered. */
    static void servesOn() {
        Subject fresh = new Subject(true);
        fresh.arrive(SessionTarget.said(1, "[\"add\",[2],7]\n"));
        check(fresh.answer(0, 0), "a good call did not come");
        check(
                new String(new Said(fresh.wire.written()).lines("1").get(0), StandardCharsets.UTF_8)
                        .equals("[[[2]],7]"),
                "a good call was not answered");
    }
}
