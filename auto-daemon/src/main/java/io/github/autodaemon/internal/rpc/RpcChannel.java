package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.mux.Mux;
import io.github.autodaemon.internal.mux.Mux.SharedStream;
import io.github.autodaemon.internal.net.Monitor;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * JSON lines on one shared stream: {@code [name, args, id]} is a request, {@code [args, id]} the answer to one. All
 * methods run with the monitor held, except the parsing of long lines.
 */
final class RpcChannel implements SharedStream.Sink {
    /** The session of the channel. */
    interface Owner {
        /** How deep a received line may be nested. */
        int depth();

        /** Why the connection is over; null while it is not. */
        @Nullable
        String closedBecause();

        /** The bytes of a line that is sent after all earlier lines. */
        byte[] encode(String text);

        /** Why a line is not sent on one of the two channels; null when it can be. */
        @Nullable
        String excess(boolean isControl, CharSequence text, long bytes);

        /** While an answer is awaited, streams may not stop the reading. */
        void awaitingAnswers(boolean some);

        /** A request has come on one of the two channels. */
        void requested(
                boolean isControl,
                String method,
                @Nullable Object args,
                @Nullable Object id,
                long timeoutMillis,
                int length);

        /** The peer sent a message that has no meaning or cannot be handled; the connection is of no further use. */
        void broken(Throwable thrown);
    }

    static final long NO_REPLY = -1;

    /** In milliseconds; longer than any process lives, and in nanoseconds it fits a long. */
    private static final long MAX_TIMEOUT = TimeUnit.DAYS.toMillis(10_000);

    private static final int LONG_LINE = 32 * 1024;

    private static final int USUAL = 96;

    private final Owner session;
    private final Mux mux;
    private final Monitor monitor;
    private final SharedStream stream;
    private final boolean control;
    private final LineBuffer lines;
    private final @Nullable Executor parser;
    private final Map<Long, ReplyHandler> pending = new HashMap<>();
    private long lastId = 1;

    /** Lines that came after a long line that another thread parses; null while no line is parsed there. */
    private @Nullable ArrayDeque<byte[]> behind;

    RpcChannel(Owner session, Mux mux, Monitor monitor, String name, int lineLimit, @Nullable Executor parser) {
        this.session = session;
        this.mux = mux;
        this.monitor = monitor;
        this.control = name.equals("0");
        this.lines = new LineBuffer(lineLimit, new LineBuffer.Sink() {
            @Override
            public void line(byte[] bytes, int length) throws ProtocolException {
                RpcChannel.this.line(bytes, length);
            }
        });
        this.parser = parser;
        this.stream = mux.stream(name, this);
    }

    /** A request without its id, for {@link #send}; encoding takes its time without the lock. */
    static StringBuilder request(String method, Object args, long timeoutMillis) {
        StringBuilder text = new StringBuilder(USUAL).append('[');
        if (timeoutMillis > 0) {
            text.append("{\"timeout\":").append(timeoutMillis).append("},");
        }
        Json.append(text, method);
        text.append(',');
        Json.append(text, args);
        return text;
    }

    long send(String method, StringBuilder request, @Nullable ReplyHandler reply) {
        long id = NO_REPLY;
        if (reply != null) {
            id = ++lastId;
        }
        byte[] line = session.encode(request.append(',').append(id).append(']').toString());
        // The nesting depth was checked before the lock was taken.
        String excess = session.excess(control, "", line.length);
        if (excess != null) {
            throw new IllegalArgumentException("the call of \"" + method + "\" " + excess);
        }
        if (reply != null) {
            pending.put(id, reply);
            if (pending.size() == 1 && !control) {
                session.awaitingAnswers(true);
            }
        }
        send(line);
        return id;
    }

    /** Stops awaiting the answer to the call; returns whether an answer was awaited. */
    boolean forget(long id) {
        return remove(id) != null;
    }

    private @Nullable ReplyHandler remove(Long id) {
        ReplyHandler reply = pending.remove(id);
        if (reply != null && pending.isEmpty() && !control) {
            session.awaitingAnswers(false);
        }
        return reply;
    }

    /** The calls after {@code last} have not run, and will not. */
    void notBegun(long last, String reason) {
        for (Long id : new ArrayList<>(pending.keySet())) {
            ReplyHandler reply = id > last ? remove(id) : null;
            if (reply != null) {
                reply.lost(false, reason);
            }
        }
    }

    void send(byte[] line) {
        stream.send(line, 0, line.length);
    }

    @Override
    public void data(ByteBuffer bytes) throws ProtocolException {
        lines.add(bytes);
    }

    /** npm's side stops calling; its answers may still be on their way, and so may ours. */
    @Override
    public void end() throws ProtocolException {
        lines.finish();
        stream.acknowledgeEnd();
    }

    @Override
    public void reset(String message) {
        throw new IllegalStateException("the multiplexer does not pass on a reset of a reserved stream");
    }

    @Override
    public void lost(String reason) {
        lines.drop();
        behind = null;
        List<ReplyHandler> all = new ArrayList<>(pending.values());
        pending.clear();
        for (ReplyHandler reply : all) {
            reply.lost(true, reason);
        }
    }

    int unended() {
        return lines.length();
    }

    private void line(byte[] bytes, int length) throws ProtocolException {
        ArrayDeque<byte[]> waiting = behind;
        if (waiting != null) {
            waiting.add(Arrays.copyOf(bytes, length));
        } else if (parser != null && length > LONG_LINE) {
            byte[] kept = length > LineBuffer.KEPT ? bytes : Arrays.copyOf(bytes, length);
            behind = new ArrayDeque<>();
            // The bytes that follow, on other streams too, may depend on this line: on the stream that it opens.
            mux.stop();
            parser.execute(() -> parseElsewhere(kept, length));
        } else {
            dispatch(parse(bytes, length), length);
        }
    }

    /** Parses a long line without the lock, then the lines behind it; the order of calls is kept. */
    private void parseElsewhere(byte[] first, int firstLength) {
        byte[] bytes = first;
        int length = firstLength;
        while (bytes != null) {
            @Nullable Object document = null;
            @Nullable Throwable failure = null;
            try {
                document = parse(bytes, length);
            } catch (Throwable t) {
                failure = t;
            }
            bytes = null;
            monitor.lock();
            try {
                if (failure == null && session.closedBecause() == null) {
                    dispatch(document, length);
                    ArrayDeque<byte[]> waiting = behind;
                    bytes = waiting == null ? null : waiting.poll();
                    length = bytes == null ? 0 : bytes.length;
                    if (bytes == null) {
                        behind = null;
                        mux.goOn();
                        mux.flush();
                    }
                }
            } catch (Throwable t) {
                failure = t;
            } finally {
                if (failure != null) {
                    // No other thread would release the channel, which is held.
                    bytes = null;
                    session.broken(failure);
                }
                monitor.unlock();
            }
        }
    }

    private @Nullable Object parse(byte[] bytes, int length) throws ProtocolException {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        try {
            // A blank line kills a Node peer; here it is ignored.
            return text.isBlank() ? List.of() : Json.parse(text, session.depth());
        } catch (IOException e) {
            throw new ProtocolException("a line that is not JSON: " + excerpt(text) + " (" + e.getMessage() + ")");
        }
    }

    private static String excerpt(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** The last three elements count: name, arguments, id; an answer has no name. Options may stand before a name. */
    private void dispatch(@Nullable Object document, int length) throws ProtocolException {
        if (document instanceof List<?> blank && blank.isEmpty()) {
            return;
        }
        if (!(document instanceof List<?> message) || message.size() < 2) {
            throw new ProtocolException("neither a call nor an answer: " + excerpt(Json.text(document)));
        }
        int size = message.size();
        Object id = message.get(size - 1);
        Object args = message.get(size - 2);
        Object name = size < 3 ? null : message.get(size - 3);
        if (name != null) {
            session.requested(
                    control, name instanceof String text ? text : Json.text(name), args, id, timeout(message), length);
        } else if (args instanceof List<?> values) {
            answered(id, own(values));
        } else {
            throw new ProtocolException("the arguments of an answer are no array: " + excerpt(Json.text(args)));
        }
    }

    /** A list of a parsed document, to which no other code holds a reference. */
    @SuppressWarnings("unchecked") // Every parsed list is a list of objects.
    static List<@Nullable Object> own(List<?> parsed) {
        return (List<@Nullable Object>) parsed;
    }

    private static long timeout(List<?> message) {
        int options = message.size() - 4;
        if (options >= 0
                && message.get(options) instanceof Map<?, ?> map
                && map.get("timeout") instanceof Long millis) {
            return Math.max(0, Math.min(millis, MAX_TIMEOUT));
        }
        return 0;
    }

    /** Two answers to one call, and answers to none, do occur; they are ignored. */
    private void answered(@Nullable Object id, List<@Nullable Object> values) {
        Long key = null;
        if (id instanceof Long number) {
            key = number;
        } else if (id instanceof String text
                && text.length() < 19
                && text.chars().allMatch(Character::isDigit)) {
            key = text.isEmpty() ? null : Long.valueOf(text);
        }
        ReplyHandler reply = key == null ? null : pending.get(key);
        if (key != null && reply != null) {
            // In this order: if handling the answer fails, the reply is told at the latest when the connection is lost.
            reply.answered(values);
            forget(key);
        }
    }
}
