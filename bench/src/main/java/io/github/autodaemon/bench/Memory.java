package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process takes of the machine's memory. */
final class Memory {
    /** What is shared counts in parts. */
    static final String PROPORTIONAL = "Pss:";

    /** All that is in the memory. */
    static final String RESIDENT = "Rss:";

    private Memory() {}

    /** One figure of a process, in kilobytes of 1,024 bytes. */
    static double of(long pid, String which) throws IOException {
        return of(Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")), which);
    }

    static double of(List<String> rollup, String which) throws IOException {
        for (String line : rollup) {
            if (line.startsWith(which)) {
                String figure = line.substring(which.length()).replace("kB", "");
                return Double.parseDouble(figure.strip());
            }
        }
        throw new IOException("there is no " + which + " in smaps_rollup");
    }
}
