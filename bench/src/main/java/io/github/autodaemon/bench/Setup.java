package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** With what it was measured. */
final class Setup {
    private static final String MODEL = "model name";

    private Setup() {}

    static Map<String, String> describe(Path target, boolean quick) throws IOException {
        Map<String, String> setup = new TreeMap<>();
        setup.put("rounds", quick ? "few (--quick): a trial" : "all");
        setup.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
        setup.put(
                "system",
                System.getProperty("os.name") + " "
                        + System.getProperty("os.version", "").replaceFirst("^(\\d+\\.\\d+).*", "$1"));
        setup.put("processors", Runtime.getRuntime().availableProcessors() + " × " + processor());
        setup.put("memory", memory());
        setup.put("Node.js", Timed.run(List.of("node", "--version")).out().strip());
        setup.put("npm auto-daemon", version(target.resolve("npm/node_modules/auto-daemon/package.json")));
        try (Stream<Path> jars = Files.list(target.resolveSibling("peers/target/lib"))) {
            jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.startsWith("grpc-netty")
                            || jar.contains("jsonrpc")
                            || jar.startsWith("junixsocket-common"))
                    .forEach(jar -> {
                        String name = jar.replaceFirst("\\.jar$", "");
                        int dash = name.lastIndexOf('-');
                        setup.put(name.substring(0, dash), name.substring(dash + 1));
                    });
        }
        return setup;
    }

    private static String processor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String memory() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
        return Long.parseLong(line.replaceAll("\\D", "")) / (1 << 20) + " GiB";
    }

    private static String version(Path json) throws IOException {
        return Files.readString(json).replaceFirst("(?s).*\"version\"\\s*:\\s*\"([^\"]*)\".*", "$1");
    }
}
