package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CounterPathTest {
    @Test
    void whatIsNoPathIsAMistakeOfTheUserAndNoStackTrace() {
        assertThatThrownBy(() -> CounterArguments.parse("--socket", "a\0b", "get"))
                .isInstanceOf(CounterArguments.UsageException.class)
                .hasMessageStartingWith("\"a\0b\" is no path here: ");
    }
}
