package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.rpc.Version;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The house: which room may use which, class by class, as the compiled classes say. Nothing is used across or upwards. */
class FloorsTest {
    private static final String ROOT = "io.github.autodaemon";

    private static final Map<String, Set<String>> BELOW = Map.ofEntries(
            Map.entry("admin", rooms("server launch startup rpc net fs")),
            Map.entry("internal.daemon", rooms("server launch call client config startup rpc net fs")),
            Map.entry("internal.server", rooms("command config rpc json net fs flight")),
            Map.entry("internal.launch", rooms("call client command config startup rpc json net fs flight")),
            Map.entry("internal.config", rooms("startup rpc json")),
            Map.entry("internal.call", rooms("client rpc json net")),
            Map.entry("internal.client", rooms("command rpc json net fs")),
            Map.entry("internal.command", rooms("json net fs")),
            Map.entry("internal.rpc", rooms("mux json net")),
            Map.entry("internal.mux", rooms("net")),
            Map.entry("internal.net", rooms("fs")),
            Map.entry("internal.startup", rooms("fs")),
            Map.entry("internal.json", Set.of()),
            Map.entry("internal.fs", Set.of()),
            Map.entry("internal.flight", Set.of()));

    /** Of what users see only these use what they do not see. The rest, the leaf types, is for every room. */
    private static final Set<String> GLUE = Set.of("AutoDaemon", "AutoDaemonBuilder", "Connection");

    /** What every text for people goes through. */
    private static final String PRINTABLE = ROOT + ".internal.fs.Printable";

    /** A type, and what its static methods make, name each other. */
    private static final List<Set<String>> CIRCLES =
            List.of(Set.of("AutoDaemon", "AutoDaemonBuilder", "Connection"), Set.of("Duplex", "MemoryDuplex"));

    private static final int MAX_LINES = 600;

    private static final Map<String, Set<String>> USES = new TreeMap<>();

    private static Set<String> rooms(String names) {
        return Stream.of(names.split(" ", -1)).map(name -> "internal." + name).collect(Collectors.toSet());
    }

    @BeforeAll
    static void lookAtTheClasses() {
        StringWriter out = new StringWriter();
        int code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "-v",
                        "--multi-release",
                        "base",
                        "--module-path",
                        String.join(File.pathSeparator, required()),
                        "target/classes");
        assertThat(code).as(out.toString()).isZero();
        Matcher use = Pattern.compile("^ +(" + ROOT + "\\S+) +-> (" + ROOT + "\\S+)", Pattern.MULTILINE)
                .matcher(out.toString());
        while (use.find()) {
            String user = file(use.group(1));
            if (!user.equals(file(use.group(2)))) {
                USES.computeIfAbsent(user, u -> new TreeSet<>()).add(file(use.group(2)));
            }
        }
        assertThat(USES).hasSizeGreaterThan(100);
    }

    /** The jars of the modules that the library's requires. */
    private static List<String> required() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> jar.matches(".*/(gson|jspecify|picocli)-[^/]*\\.jar"))
                .toList();
    }

    /** The class at the top of a file. */
    private static String file(String type) {
        int inner = type.indexOf('$');
        return inner < 0 ? type : type.substring(0, inner);
    }

    private static String room(String type) {
        String name = type.substring(0, type.lastIndexOf('.'));
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static boolean mayUse(String user, String used) {
        String here = room(user);
        String there = room(used);
        String name = user.substring(user.lastIndexOf('.') + 1);
        if (here.equals(there) || (here.isEmpty() && (GLUE.contains(name) || used.equals(PRINTABLE)))) {
            return true;
        }
        if (there.isEmpty()) {
            return !GLUE.contains(used.substring(used.lastIndexOf('.') + 1));
        }
        return BELOW.getOrDefault(here, Set.of()).contains(there);
    }

    @Test
    void importsGoDownOnly() {
        List<String> wrong = new ArrayList<>();
        USES.forEach((user, all) ->
                all.stream().filter(used -> !mayUse(user, used)).forEach(used -> wrong.add(user + " uses " + used)));
        assertThat(wrong).isEmpty();
    }

    /** Every class that a class uses, directly or not. */
    private static Set<String> reach(String from) {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(USES.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            String type = next.pop();
            if (reached.add(type)) {
                next.addAll(USES.getOrDefault(type, Set.of()));
            }
        }
        return reached;
    }

    @Test
    void noFilesStandInACircle() {
        Map<String, Set<String>> reached = new TreeMap<>();
        USES.keySet().forEach(type -> reached.put(type, reach(type)));
        Set<Set<String>> circles = new HashSet<>();
        reached.forEach((type, all) -> {
            if (all.contains(type)) {
                Set<String> circle = new TreeSet<>(Set.of(type.substring(type.lastIndexOf('.') + 1)));
                all.stream()
                        .filter(other -> reached.getOrDefault(other, Set.of()).contains(type))
                        .forEach(other -> circle.add(other.substring(other.lastIndexOf('.') + 1)));
                circles.add(circle);
            }
        });
        assertThat(circles).containsExactlyInAnyOrderElementsOf(CIRCLES);
    }

    @Test
    void filesAreShort() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .hasSizeGreaterThan(30)
                    .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MAX_LINES));
        }
    }

    @Test
    void theVersionIsTheBuilds() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<version>" + Version.CURRENT + "-SNAPSHOT</version>");
    }
}
