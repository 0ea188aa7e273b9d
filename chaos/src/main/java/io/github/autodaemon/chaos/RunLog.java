package io.github.autodaemon.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lines with the seconds since the run began. */
final class RunLog {
    private final long began = System.nanoTime();
    private final PrintStream out;
    private final @Nullable PrintStream file;

    RunLog(PrintStream out, @Nullable Path file) throws IOException {
        this.out = out;
        this.file = file == null ? null : new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
    }

    void say(String line) {
        String timed = String.format(Locale.ROOT, "%8.3f %s", (System.nanoTime() - began) / 1e9, line);
        out.println(timed);
        if (file != null) {
            file.println(timed);
        }
    }
}
