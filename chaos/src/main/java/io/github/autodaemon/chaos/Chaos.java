package io.github.autodaemon.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Runs clients and daemons under random faults; see chaos/README.md. */
final class Chaos {
    private static final int USAGE = 2;

    private Chaos() {}

    /** Exits with 0 when nothing was wrong. */
    public static void main(String[] args) throws IOException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "; usage: chaos/run " + Arguments.USAGE);
            System.exit(USAGE);
            return;
        }
        Run run = new Run(arguments, new RunLog(System.out, arguments.log()));
        // The library says there which daemon it replaces, and why.
        System.setErr(new PrintStream(
                Files.newOutputStream(run.directory().resolve("driver.out")), true, StandardCharsets.UTF_8));
        System.exit(run.run() ? 0 : 1);
    }
}
