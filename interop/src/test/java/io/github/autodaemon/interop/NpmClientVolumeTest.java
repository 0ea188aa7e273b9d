package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** npm's client makes many calls to a Java daemon, and large ones. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmClientVolumeTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @BeforeEach
    void start() {
        workplace.connect();
    }

    @Test
    void tenThousandCallsAreAnsweredInTheOrderOfIssue() {
        assertThat(workplace.run("pipelined.js", "10000")).containsExactly("\"answered\" 10000 \"in order\" 10000");
    }

    /** Characters of two, three and four bytes; each text is longer than what node reads at once. */
    @ParameterizedTest
    @CsvSource({"é,50000", "€,90000", "a€,90000", "🙂,40000"})
    void largeTextsAreNotDamaged(String characters, int count) {
        int length = characters.length() * count;
        assertThat(workplace.run("text.js", characters, Integer.toString(count)))
                .containsExactly("\"length there\" " + length + " \"here\" " + length, "\"same\" true");
    }

    @Test
    void manySmallTextsAtOnceAreNotDamaged() {
        assertThat(workplace.run("texts.js", "5000")).containsExactly("\"same\" 5000");
    }
}
