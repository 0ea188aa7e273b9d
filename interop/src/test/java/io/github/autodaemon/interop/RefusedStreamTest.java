package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** npm's client hears why it gets no stream, and its connection serves on. npm's daemon says nothing and stops reading. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RefusedStreamTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @BeforeEach
    void start() {
        workplace.connect();
    }

    @Test
    void aStreamOfAMethodThatDoesNotExist() {
        assertThat(workplace.run("stream.js", "[\"missing\"]"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("\"error\" \"no method \\\"missing\\\"; there are: "),
                        second -> assertThat(second).isEqualTo("\"sum\" 1"));
    }

    @Test
    void aStreamOfAMethodThatDoesNotExistToWhichMuchIsWritten() {
        assertThat(workplace.run("unknown.js"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("{\"error\":\"no method \\\"missing\\\"; there are: "),
                        second -> assertThat(second).isEqualTo("\"sum\" 1"));
    }

    @Test
    void aStreamWhoseArgumentsDoNotFit() {
        assertThat(workplace.run("stream.js", "[\"bytes\",\"many\"]", "text"))
                .containsExactly("\"error\" \"argument 1 of \\\"bytes\\\": \\\"many\\\" is no long\"", "\"sum\" 1");
    }
}
