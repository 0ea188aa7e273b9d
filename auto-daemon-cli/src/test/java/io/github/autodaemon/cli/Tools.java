package io.github.autodaemon.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that a test needs and that a machine need not have; in CI it must. */
final class Tools {
    private Tools() {}

    static Path need(String program, String packaged) {
        for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return Path.of(directory, program);
            }
        }
        String reason = program + " is not installed (Debian's package " + packaged + ")";
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(reason + ", and CI is true: this test must run here");
        }
        return abort(reason);
    }
}
