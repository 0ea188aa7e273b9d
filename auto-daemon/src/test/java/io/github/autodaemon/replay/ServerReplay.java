package io.github.autodaemon.replay;

import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Session;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/** Feeds what a recorded client sent to a session with the recorded service. */
final class ServerReplay {
    private final Conversation conversation = new Conversation();
    private final Renumbering renumbering = new Renumbering(conversation);
    private final RecordedWire wire = new RecordedWire(conversation, Side.SERVER);
    private final TurnMonitor monitor = new TurnMonitor();
    private final RecordedService service = new RecordedService();
    private final Session session =
            new Session(wire, monitor, Limits.DEFAULT, service, task -> service.later(task::run));
    private final ArrayDeque<byte[]> arriving = new ArrayDeque<>();
    private String broken = "";

    private ServerReplay() {}

    /** What the session said, and at last how it broke, if it did. */
    static String run(Golden golden, Chunking chunking) {
        ServerReplay replay = new ServerReplay();
        Services.describe(golden, replay.service, replay.session);
        for (Golden.Segment segment : golden.segments()) {
            if (segment.side() == Side.CLIENT) {
                replay.feed(segment, chunking);
            } else {
                replay.renumbering.translate(segment);
            }
        }
        return replay.result();
    }

    private void feed(Golden.Segment segment, Chunking chunking) {
        byte[] bytes = renumbering.translate(segment);
        conversation.said(Side.CLIENT, bytes, 0, bytes.length);
        chunking.cut(bytes, arriving::add);
        while (!arriving.isEmpty() && !wire.closed()) {
            if (!wire.reads()) {
                service.work();
                if (!wire.reads()) {
                    throw new IllegalStateException("the session stopped reading for good");
                }
            }
            receive(arriving.remove());
        }
        service.work();
        if (segment.end()) {
            closed("the client ended the connection");
        } else if (wire.closed()) {
            closed("closed here");
        }
        service.elapse();
    }

    private void receive(byte[] bytes) {
        monitor.lock();
        try {
            session.receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException e) {
            broken = "broken: " + e.getMessage() + "\n";
            wire.close();
        } finally {
            monitor.unlock();
        }
    }

    private void closed(String reason) {
        monitor.lock();
        try {
            session.closed(reason);
            wire.close();
        } finally {
            monitor.unlock();
        }
    }

    private String result() {
        closed("the transcript is over");
        if (service.closings().size() != 1) {
            throw new IllegalStateException("closed " + service.closings());
        }
        List<String> faults = conversation.faults(Side.SERVER);
        return conversation.told(Side.SERVER) + (faults.isEmpty() ? "" : "faults: " + faults + "\n") + broken;
    }
}
