package io.github.autodaemon.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the command was given. */
final class Arguments {
    private static final Path GIVEN = Path.of("/proc/self/cmdline");

    private Arguments() {}

    /** A JVM damages what is not ASCII in the C locale, which is what a user without a locale has; the system keeps it. */
    static String[] asGiven(String[] args) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (args.length == 0
                || !Charset.isSupported(encoding)
                || !Charset.forName(encoding).equals(StandardCharsets.US_ASCII)) {
            return args;
        }
        try {
            String[] all = Files.readString(GIVEN).split("\0", -1);
            // The last one ends with a zero, too.
            int first = all.length - 1 - args.length;
            String[] given = args.clone();
            for (int i = 0; i < args.length; i++) {
                if (args[i].chars().anyMatch(c -> c == '\uFFFD' || c == '?')) {
                    given[i] = all[first + i];
                }
            }
            return given;
        } catch (IOException | IndexOutOfBoundsException e) {
            // Not on Linux, or no UTF-8 either.
            return args;
        }
    }
}
