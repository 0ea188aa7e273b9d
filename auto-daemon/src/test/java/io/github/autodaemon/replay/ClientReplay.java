package io.github.autodaemon.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Does on a session what a recorded client did, and feeds it what the recorded daemon sent. */
final class ClientReplay implements Session.Handler {
    /** What a caller got. */
    static final class Observed {
        final Map<Long, List<Object>> answers = new TreeMap<>();
        final Map<Long, String> lost = new TreeMap<>();
        final Map<String, ByteArrayOutputStream> data = new TreeMap<>();
        final Map<String, String> ends = new TreeMap<>();
        String said = "";
        String broken = "";

        @Override
        public String toString() {
            StringBuilder out = new StringBuilder();
            answers.forEach((id, args) -> out.append(id + ": " + Shown.line(Json.text(args)) + "\n"));
            lost.forEach((id, reason) -> out.append(id + " lost: " + reason + "\n"));
            data.forEach((name, bytes) -> out.append(
                    "stream " + name + ": " + Shown.bytes(bytes.toByteArray()) + " " + ends.get(name) + "\n"));
            return out + broken;
        }
    }

    private final Conversation recorded = new Conversation(this::did);
    private final Conversation conversation = new Conversation();
    private final Renumbering renumbering = new Renumbering(conversation);
    private final RecordedWire wire = new RecordedWire(conversation, Side.CLIENT);
    private final TurnMonitor monitor = new TurnMonitor();
    private final Session session = new Session(wire, monitor, Limits.DEFAULT, this, null);
    private final Observed observed = new Observed();
    private final Map<String, ByteStream> streams = new TreeMap<>();
    private final StringBuilder[] lines = {new StringBuilder(), new StringBuilder()};
    private boolean over;
    private long nextId = 2;
    private int closings;

    private ClientReplay() {}

    static Observed run(Golden golden, Chunking chunking) {
        ClientReplay replay = new ClientReplay();
        for (Golden.Segment segment : golden.segments()) {
            byte[] bytes = replay.renumbering.translate(segment);
            replay.recorded.said(segment.side(), segment.bytes(), 0, segment.bytes().length);
            if (segment.side() == Side.SERVER) {
                replay.conversation.said(Side.SERVER, bytes, 0, bytes.length);
                chunking.cut(bytes, replay::receive);
                replay.read();
                if (segment.end()) {
                    replay.lose("the daemon closed the connection");
                }
            }
        }
        replay.lose("closed by the client");
        replay.read();
        if (replay.closings != 1) {
            throw new IllegalStateException("closed " + replay.closings + " times");
        }
        List<String> faults = replay.conversation.faults(Side.CLIENT);
        replay.observed.said =
                replay.conversation.told(Side.CLIENT) + (faults.isEmpty() ? "" : "faults: " + faults + "\n");
        return replay.observed;
    }

    /** The recorded client sent a frame: we do what makes us send one like it. */
    private void did(Side side, String name, int type, byte[] payload) {
        if (side == Side.SERVER) {
            return;
        }
        try {
            if (name.equals("0") || name.equals("1")) {
                if (type == Conversation.DATA) {
                    line(name.equals("0"), new String(payload, StandardCharsets.UTF_8));
                }
                return;
            }
            ByteStream stream = streams.get(name);
            switch (type) {
                case Conversation.DATA -> stream.output().write(payload);
                case Conversation.END -> stream.output().close();
                case Conversation.RESET, Conversation.RESET_BY_RECEIVER -> stream.cancel("");
                default -> {
                    // It acknowledged an end; so does whoever reads.
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void line(boolean control, String part) throws IOException {
        StringBuilder held = lines[control ? 0 : 1].append(part);
        int end = held.indexOf("\n");
        if (end < 0) {
            return;
        }
        JsonArray message = JsonParser.parseString(held.substring(0, end)).getAsJsonArray();
        held.setLength(0);
        if (message.size() < 3) {
            // An answer, which the session gives by itself.
            return;
        }
        Object args = Json.parse(message.get(1).toString(), 100);
        if (control) {
            List<?> open = (List<?>) args;
            ByteStream stream = session.open(session.nextStream(), (String) open.get(1), open.get(2), null);
            streams.put((String) open.get(0), stream);
            observed.data.put((String) open.get(0), new ByteArrayOutputStream());
        } else {
            call(message.get(0).getAsString(), args, message.get(2).getAsLong() != -1);
        }
    }

    private void call(String method, Object args, boolean answer) {
        long id = answer ? nextId++ : -1;
        ReplyHandler reply = new ReplyHandler() {
            @Override
            public void answered(List<Object> values) {
                if (observed.answers.put(id, values) != null) {
                    throw new IllegalStateException("answered twice");
                }
            }

            @Override
            public void lost(boolean sent, String reason) {
                observed.lost.put(id, reason);
            }
        };
        try {
            session.call(method, args, answer ? reply : null, 0, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void receive(byte[] bytes) {
        if (over || wire.closed()) {
            return;
        }
        monitor.lock();
        try {
            session.receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException e) {
            observed.broken = "broken: " + e.getMessage() + "\n";
            lose("broken");
        } finally {
            monitor.unlock();
        }
    }

    private void lose(String reason) {
        over = true;
        monitor.lock();
        try {
            session.closed(reason);
            wire.close();
        } finally {
            monitor.unlock();
        }
    }

    private void read() {
        streams.forEach((name, stream) -> {
            if (observed.ends.containsKey(name)) {
                return;
            }
            byte[] buffer = new byte[5000];
            try {
                for (int size = stream.input().read(buffer);
                        size >= 0;
                        size = stream.input().read(buffer)) {
                    observed.data.get(name).write(buffer, 0, size);
                }
                observed.ends.put(name, "end");
            } catch (TurnMonitor.WouldWait e) {
                // More may come.
            } catch (IOException e) {
                observed.ends.put(name, "failed: " + e.getMessage());
            }
        });
    }

    // What the daemon asks of a client: nothing is offered.

    @Override
    public void call(Request request) {
        request.fail(ErrorObjects.of("no method"));
    }

    @Override
    public void stream(String method, List<Object> args, ByteStream stream, int length) {
        stream.cancel("no stream method");
    }

    @Override
    public void control(Request request) {
        request.fail(ErrorObjects.of("no request"));
    }

    @Override
    public void closed(String reason) {
        closings++;
    }
}
