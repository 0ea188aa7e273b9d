package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    @TempDir
    Path directory;

    @Test
    void eachLineOnceAndNoTornOne() throws Exception {
        Path file = directory.resolve("lines");
        Tail tail = new Tail(file);
        assertThat(tail.news()).isEmpty();
        try (Lines lines = new Lines(file)) {
            lines.add("one");
            assertThat(tail.news()).containsExactly("one");
            assertThat(tail.news()).isEmpty();
            Files.writeString(file, "\ntorn by a ki", StandardOpenOption.APPEND);
            assertThat(tail.news()).isEmpty();
            lines.add("of two\nlines");
            assertThat(tail.news()).containsExactly("of two lines");
        }
    }
}
