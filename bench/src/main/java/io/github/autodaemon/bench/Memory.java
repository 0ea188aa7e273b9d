package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process takes of the machine's memory. */
final class Memory {
    private static final String PSS = "Pss:";

    private Memory() {}

    /** Its proportional set size, in kilobytes of 1,024 bytes: what is shared counts in parts. */
    static double pss(long pid) throws IOException {
        return pss(Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")));
    }

    static double pss(List<String> rollup) throws IOException {
        for (String line : rollup) {
            if (line.startsWith(PSS)) {
                return Double.parseDouble(
                        line.substring(PSS.length()).replace("kB", "").strip());
            }
        }
        throw new IOException("there is no " + PSS + " in smaps_rollup");
    }
}
