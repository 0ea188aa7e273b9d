package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process takes of the machine's memory. */
final class Memory {
    /** What is shared counts in parts. */
    static final String PROPORTIONAL = "Pss:";

    /** Shared or not. */
    private static final String RESIDENT = "Rss:";

    private Memory() {}

    /** One figure of a process, in kilobytes of 1,024 bytes. */
    static double of(long pid, String which) throws IOException {
        return of(Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")), which);
    }

    static double of(List<String> rollup, String which) throws IOException {
        for (String line : rollup) {
            if (line.startsWith(which)) {
                return figure(line);
            }
        }
        throw new IOException("there is no " + which + " in smaps_rollup");
    }

    private static double figure(String line) {
        return Double.parseDouble(
                line.substring(line.indexOf(':') + 1).replace("kB", "").strip());
    }

    /**
     * The proportional set size that the process would have if no other ran the same program: of the files of the JDK and of its own
     * executable all that is resident counts, however many share it now.
     */
    static double alone(long pid) throws IOException {
        Path process = Path.of("/proc/" + pid);
        Path jdk = Path.of(System.getProperty("java.home", "")).toRealPath();
        return alone(
                Files.readAllLines(process.resolve("smaps")),
                List.of(jdk + "/", process.resolve("exe").toRealPath().toString()));
    }

    static double alone(List<String> smaps, List<String> own) throws IOException {
        double sum = 0;
        boolean whole = false;
        boolean found = false;
        for (String line : smaps) {
            String[] words = line.split(" +", 6);
            if (!words[0].endsWith(":")) {
                String path = words.length == 6 ? words[5] : "";
                whole = own.stream().anyMatch(path::startsWith);
            } else if (line.startsWith(whole ? RESIDENT : PROPORTIONAL)) {
                found = true;
                sum += figure(line);
            }
        }
        if (!found) {
            throw new IOException("there is no " + PROPORTIONAL + " in smaps");
        }
        return sum;
    }
}
