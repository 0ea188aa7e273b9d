package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house: which package may use which. Nothing is used across or upwards, so there are no cycles. */
class FloorsTest {
    private static final String ROOT = "io.github.autodaemon";

    private static final Map<String, Set<String>> BELOW = Map.ofEntries(
            Map.entry("", Set.of("launch", "client", "server", "startup", "rpc", "json", "net", "fs")),
            Map.entry("launch", Set.of("client", "startup", "rpc", "json", "net", "fs", "flight")),
            Map.entry("server", Set.of("rpc", "json", "net", "fs", "flight")),
            Map.entry("client", Set.of("rpc", "json", "net", "fs")),
            Map.entry("rpc", Set.of("mux", "json", "net")),
            Map.entry("mux", Set.of("net")),
            Map.entry("net", Set.of("fs")),
            Map.entry("startup", Set.of("fs")),
            Map.entry("json", Set.of()),
            Map.entry("fs", Set.of()),
            Map.entry("flight", Set.of()));

    private static final Pattern USE = Pattern.compile("io\\.github\\.autodaemon\\.(?:internal\\.(\\w+)\\.)?[A-Z]");

    private static final int MAX_LINES = 600;

    private static List<Path> sources() throws IOException {
        return sources("src/main/java");
    }

    private static List<Path> sources(String root) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void importsGoDownOnly() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            Matcher declared = Pattern.compile("package " + Pattern.quote(ROOT) + "(?:\\.internal\\.(\\w+))?;")
                    .matcher(text);
            if (!declared.find()) {
                continue;
            }
            String here = declared.group(1) == null ? "" : declared.group(1);
            // The names of events are texts.
            Matcher use = USE.matcher(text.replaceAll("\"[^\"\n]*\"", ""));
            while (use.find()) {
                String there = use.group(1) == null ? "" : use.group(1);
                if (!there.equals(here) && !BELOW.getOrDefault(here, Set.of()).contains(there)) {
                    wrong.add(file + " uses " + (there.isEmpty() ? ROOT : there));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void filesAreShort() throws IOException {
        List<Path> sources = sources("src");
        assertThat(sources).hasSizeGreaterThan(30).allSatisfy(file -> assertThat(Files.readAllLines(file))
                .hasSizeLessThanOrEqualTo(MAX_LINES));
    }

    @Test
    void theVersionIsTheBuilds() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<version>" + Version.CURRENT + "-SNAPSHOT</version>");
    }
}
