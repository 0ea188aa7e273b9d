package io.github.autodaemon.front;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Programs that tests want to have on the machine. */
final class Tools {
    private static final String PATH = System.getenv().getOrDefault("PATH", "");

    private Tools() {}

    /** Where they are. Without one the test is aborted; in CI it fails. */
    static Path need(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    /** Where it is. */
    static Optional<Path> find(String name) {
        return Arrays.stream(PATH.split(":", -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static RuntimeException missing(String name) {
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("in CI this test must run, and it needs " + name);
        }
        return abort("there is no " + name);
    }
}
