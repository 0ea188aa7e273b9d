package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** npm's client uses streams of a Java daemon. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmClientStreamsTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @BeforeEach
    void start() {
        workplace.connect();
    }

    @Test
    void bytesGoBothWays() {
        assertThat(workplace.run("stream.js", "[\"mirror\"]", "grüße"))
                .containsExactly("\"end\" \"grüße\"", "\"sum\" 1");
    }

    @Test
    void theTwoDirectionsEndOneAfterTheOther() {
        assertThat(workplace.run("halves.js"))
                .containsExactly(
                        "\"digest\" \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
                        "\"collected\" " + "before and after".length());
    }

    @Test
    void eightStreamsAndCallsShareAConnection() {
        List<String> expected = new ArrayList<>(List.of("\"sum\" 100"));
        for (int i = 0; i < 8; i++) {
            expected.add('"' + Pattern.digest(2_000_000 + i) + '"');
        }
        assertThat(workplace.run("concurrent.js")).isEqualTo(expected);
    }

    @Test
    void aHundredMegabytesComeBackUnharmed() {
        assertThat(workplace.run("volume.js", "100000000")).containsExactly('"' + Pattern.digest(100_000_000) + '"');
    }
}
