package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which processors a server and its client run on; {@code taskset} sees to it. */
enum Pin {
    /** Both on one. */
    ONE("one processor"),
    /** The server on the first, the client on the second. */
    EACH("a processor each");

    private static final String ALLOWED = "Cpus_allowed_list:";

    private final String words;

    Pin(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** The server's command line. */
    List<String> server(List<String> command) throws IOException {
        return on(processors().get(0), command);
    }

    /** The client's command line. */
    List<String> client(List<String> command) throws IOException {
        List<Integer> all = processors();
        if (this == EACH && all.size() < 2) {
            throw new IOException("there is only one processor");
        }
        return on(all.get(this == ONE ? 0 : 1), command);
    }

    private static List<String> on(int processor, List<String> command) {
        return Stream.concat(Stream.of("taskset", "-c", Integer.toString(processor)), command.stream())
                .toList();
    }

    private static List<Integer> processors() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(ALLOWED)) {
                return parse(line.substring(ALLOWED.length()).strip());
            }
        }
        throw new IOException("/proc/self/status has no " + ALLOWED);
    }

    /** The processors of a list as the kernel writes it, such as {@code 0-2,7}. */
    static List<Integer> parse(String list) {
        List<Integer> all = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            int dash = range.indexOf('-');
            int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int to = Integer.parseInt(range.substring(dash + 1));
            for (int i = from; i <= to; i++) {
                all.add(i);
            }
        }
        return all;
    }
}
