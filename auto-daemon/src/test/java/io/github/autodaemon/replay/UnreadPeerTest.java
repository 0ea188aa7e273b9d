package io.github.autodaemon.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A daemon that never reads: npm's client keeps all calls in its memory, here the caller waits (golden d2). */
class UnreadPeerTest {
    private final Conversation conversation = new Conversation();
    private final RecordedWire wire = new RecordedWire(conversation, Side.CLIENT);
    private final Session session = new Session(wire, new TurnMonitor(), Limits.DEFAULT, new RecordedService(), null);

    @Test
    void callsWaitWhenAMegabyteIsUnsent() throws Exception {
        wire.stick();
        String argument = "x".repeat(1000);
        int calls = 0;
        while (wire.queued() < 1 << 20) {
            session.call("add", List.of(argument), null, 0, Long.MAX_VALUE);
            calls++;
        }
        assertThat(calls).isBetween(1000, 1100);
        assertThatThrownBy(() -> session.call("add", List.of(argument), null, 0, Long.MAX_VALUE))
                .isInstanceOf(TurnMonitor.WouldWait.class);
        assertThat(conversation.lines(Side.CLIENT, "1")).hasSize(calls);
    }

    @Test
    void writesToAStreamWait() throws Exception {
        ByteStream stream = session.open(session.nextStream(), "echo", List.of(), null);
        wire.stick();
        assertThatThrownBy(() -> stream.output().write(new byte[1 << 20])).isInstanceOf(TurnMonitor.WouldWait.class);
        assertThat(wire.queued()).isLessThan(400_000);
    }
}
