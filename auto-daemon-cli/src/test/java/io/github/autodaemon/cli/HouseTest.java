package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command knows the library's public types only, and its files are as short as the library's. */
class HouseTest {
    private static List<Path> sources(String root) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void nothingInternalIsUsed() throws IOException {
        assertThat(sources("src/main")).hasSizeGreaterThan(15).allSatisfy(file -> assertThat(Files.readString(file))
                .doesNotContain("autodaemon.internal"));
    }

    @Test
    void filesAreShort() throws IOException {
        assertThat(sources("src"))
                .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(600));
    }
}
