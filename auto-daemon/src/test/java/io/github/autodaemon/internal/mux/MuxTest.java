package io.github.autodaemon.internal.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.mux.Mux.SharedStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MuxTest {
    private final BytesWire wire = new BytesWire();
    private final Mux mux = new Mux(wire);
    private final List<String> heard = new ArrayList<>();

    private final SharedStream.Sink sink = new SharedStream.Sink() {
        @Override
        public void data(ByteBuffer bytes) {
            heard.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public void end() {
            heard.add("end");
        }

        @Override
        public void reset(String message) {
            heard.add("reset " + message);
        }

        @Override
        public void lost(String reason) {
            heard.add("lost " + reason);
        }
    };

    private void receive(String hex) throws ProtocolException {
        mux.receive(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void dataAfterTheEndOfAReservedStreamBreakTheProtocol() throws ProtocolException {
        mux.stream("1", sink);
        receive("0800" + "0a0161" + "0c00");

        assertThatThrownBy(() -> receive("0a0162"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("data after the end of the reserved stream \"1\"");
        assertThat(heard).containsExactly("a", "end");
        assertThat(wire.taken())
                .as("a reset of this stream would kill an npm peer")
                .isEmpty();
    }

    @Test
    void dataAfterTheEndResetAnyOtherStream() throws ProtocolException {
        mux.stream("2", sink);
        receive("1000" + "1400" + "120162");

        assertThat(heard).containsExactly("end", "reset data after the end");
        assertThat(wire.taken()).startsWith("1512").contains("1000" + "1612");
    }

    @Test
    void aResetOfAReservedStreamBreaksTheProtocol() {
        mux.stream("0", sink);

        assertThatThrownBy(() -> receive("0000" + "0600"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the peer reset the reserved stream \"0\"");
    }

    @Test
    void aResetOfOurHalfIsNotAnsweredOnThePeersHalf() throws ProtocolException {
        SharedStream first = mux.stream("2", sink);
        receive("1000" + "120161");
        first.send(new byte[] {1}, 0, 1);
        assertThat(wire.taken()).isEqualTo("1000" + "120101");

        receive("1500");

        // The peer may already have given number 2 to its next stream; 1500 would destroy that one.
        assertThat(wire.taken()).isEmpty();
        assertThat(heard).containsExactly("a", "reset ");

        SharedStream second = mux.stream("3", sink);
        receive("1600" + "100133" + "120162");
        second.send(new byte[] {2}, 0, 1);
        assertThat(heard).containsExactly("a", "reset ", "b");
        assertThat(wire.taken()).isEqualTo("1800" + "1a0102");
    }

    @Test
    void aResetOfThePeersHalfIsAnsweredOnOurs() throws ProtocolException {
        SharedStream stream = mux.stream("2", sink);
        receive("1000");
        stream.send(new byte[] {1}, 0, 1);
        wire.taken();

        receive("1603" + "776879");

        assertThat(wire.taken()).isEqualTo("1600");
        assertThat(heard).containsExactly("reset why");
    }

    @Test
    void anEndIsNotAcknowledgedOnAChannelThatThePeerHasTakenForAnotherStream() throws ProtocolException {
        SharedStream first = mux.stream("2", sink);
        mux.stream("3", sink);
        receive("1000" + "120161" + "1400" + "100133");

        first.acknowledgeEnd();

        assertThat(wire.taken()).isEmpty();
        receive("120162");
        assertThat(heard).containsExactly("a", "end", "b");
    }
}
