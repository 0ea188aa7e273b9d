package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CounterPathTest {
    @Test
    void whatIsNoPathIsAMistakeOfTheUserAndNoStackTrace() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);

        int code = CounterCommand.run(new String[] {"--socket", "a\0b", "get"}, stream, stream);

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("counter: \"a\0b\" is no path here: ")
                .hasLineCount(2);
    }
}
