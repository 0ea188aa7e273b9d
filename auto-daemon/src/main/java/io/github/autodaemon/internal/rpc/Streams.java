package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.mux.Mux;
import io.github.autodaemon.internal.mux.MuxStream;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SeparateStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a session: streams that share the session's connection, and streams with connections of their own. The
 * monitor is held.
 */
final class Streams {
    /** The session of the streams. */
    interface Owner {
        /** The stream of this name, for which the peer has made a connection of its own; null when there is none. */
        @Nullable
        SeparateStream separate(String name);

        /** The link of a stream of this name, on a connection of its own, to the session. */
        SeparateStream.Link link(String name);

        /** A request for a stream; {@code length} is the request's length in bytes. */
        void stream(String method, List<@Nullable Object> args, ByteStream stream, int length);
    }

    private static final int FIRST = 2;
    private static final int MAX_NAME = 100;

    static final String OPEN = "open";

    /** Says that the stream has a connection of its own. */
    private static final String OWN = "own";

    private final Monitor monitor;
    private final Mux mux;
    private final Limits limits;
    private final Owner owner;
    private final RpcChannel control;
    private final Map<String, SeparateStream> separate = new HashMap<>();
    private int next = FIRST;

    Streams(Monitor monitor, Mux mux, Limits limits, Owner owner, RpcChannel control) {
        this.monitor = monitor;
        this.mux = mux;
        this.limits = limits;
        this.owner = owner;
        this.control = control;
    }

    String nextName() {
        return Integer.toString(next++);
    }

    int count() {
        // Two names of the multiplexer are reserved.
        return mux.streams() - 2 + separate.size();
    }

    /** The request that opens a stream. */
    static StringBuilder request(String name, String method, Object args, boolean own) {
        return RpcChannel.request(OPEN, own ? List.of(name, method, args, OWN) : List.of(name, method, args), 0);
    }

    ByteStream open(String name, StringBuilder request, @Nullable SeparateStream own) {
        // The request goes before the first frame of the stream: a Node peer never reads a channel that it does not
        // expect, and then stops reading the connection.
        control.send(OPEN, request, null);
        if (own != null) {
            separate.put(name, own);
            return own;
        }
        return shared(name);
    }

    private ByteStream shared(String name) {
        long hard = Math.min((long) limits.streamBuffer() * Limits.STREAM_GROWTH, Integer.MAX_VALUE);
        return new MuxStream(mux, monitor, name, limits.streamBuffer(), (int) hard);
    }

    /** The peer opens a stream. */
    void opened(Request request) {
        List<@Nullable Object> args = request.args();
        Object id = args.isEmpty() ? null : args.get(0);
        Object method = args.size() < 2 ? null : args.get(1);
        if (id == null || method == null || args.size() < 3 || !(args.get(2) instanceof List<?> given)) {
            request.fail(ErrorObjects.of("a stream is opened by [id, method, arguments], not by " + Json.text(args)));
            return;
        }
        String name = id.toString();
        if (name.length() > MAX_NAME || mux.taken(name) || separate.containsKey(name)) {
            request.fail(ErrorObjects.of("the stream id " + Json.text(id) + " is taken or too long"));
            return;
        }
        boolean tooMany = count() >= limits.streams();
        ByteStream stream;
        if (args.size() > 3 && OWN.equals(args.get(3))) {
            SeparateStream own = owner.separate(name);
            if (own == null) {
                owner.link(name).cancel("no connection was made for the stream \"" + name + "\"", null);
                return;
            }
            separate.put(name, own);
            stream = own;
        } else {
            stream = shared(name);
        }
        if (tooMany) {
            stream.cancel("too many streams on this connection, the limit is " + limits.streams());
        } else {
            owner.stream(method.toString(), new ArrayList<>(given), stream, request.length());
        }
    }

    /** True if the request is about a stream, whose name is a text; a number names a call. */
    boolean concerns(Request request) {
        return request.name().equals("unread")
                || (request.name().equals("cancel")
                        && !request.args().isEmpty()
                        && request.args().get(0) instanceof String);
    }

    /** Handles a message about a stream with a connection of its own. The stream may be over already. */
    void about(Request request) {
        List<@Nullable Object> args = request.args();
        SeparateStream stream = args.isEmpty() ? null : separate.get(String.valueOf(args.get(0)));
        if (stream == null) {
            return;
        }
        if (request.name().equals("unread")) {
            stream.unread();
        } else {
            stream.cancelled(
                    args.size() > 1 ? String.valueOf(args.get(1)) : "",
                    args.size() > 2 && args.get(2) instanceof Map<?, ?> error ? error : null);
        }
    }

    void forget(String name) {
        separate.remove(name);
    }

    void lost(String reason) {
        for (SeparateStream stream : List.copyOf(separate.values())) {
            stream.lost(reason);
        }
    }

    void closed(String reason) {
        for (SeparateStream stream : List.copyOf(separate.values())) {
            stream.closed(reason);
        }
    }
}
