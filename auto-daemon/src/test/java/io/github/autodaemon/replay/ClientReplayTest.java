package io.github.autodaemon.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientReplayTest {
    static Stream<Golden> goldens() {
        return Golden.all().stream().filter(ClientExpectations::covers);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void saysAndHears(Golden golden) {
        String said = ClientExpectations.said(golden);
        String heard = ClientExpectations.heard(golden);
        for (Chunking chunking : Chunking.values()) {
            ClientReplay.Observed observed = ClientReplay.run(golden, chunking);
            assertThat(observed.toString())
                    .as("%s, fed as %s, seed %d", golden.name(), chunking, Chunking.SEED)
                    .isEqualTo(heard);
            assertThat(observed.said)
                    .as("%s, fed as %s, seed %d", golden.name(), chunking, Chunking.SEED)
                    .isEqualTo(said);
        }
    }
}
