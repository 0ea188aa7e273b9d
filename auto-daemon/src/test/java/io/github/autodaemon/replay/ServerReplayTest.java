package io.github.autodaemon.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerReplayTest {
    static Stream<Golden> goldens() {
        return Golden.all().stream().filter(golden -> ServerExpectations.covers(golden));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void says(Golden golden) {
        String expected = ServerExpectations.of(golden);
        for (Chunking chunking : Chunking.values()) {
            assertThat(ServerReplay.run(golden, chunking))
                    .as("%s, fed as %s, seed %d", golden.name(), chunking, Chunking.SEED)
                    .isEqualTo(expected);
        }
    }
}
