package io.github.autodaemon.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.warm.WarmScene.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seven tools as their users have them: each command does the same warm as cold, byte for byte, again and again. */
@Timeout(300)
class RealToolsTest {
    /** JEP 498. */
    private static final int FIRST_THAT_WARNS = 24;

    private static final int RUNS = Integer.getInteger("warm.runs", 10);
    private static final Path TOOLS = Path.of("target/tools").toAbsolutePath();
    private static final Path SOURCES =
            Path.of("src/main/java/io/github/autodaemon/warm").toAbsolutePath();

    private static final String KOTLIN = "package a\n\nfun main() {\n    println( \"x\" )\n}\n";
    private static final String SCRIPT = "function a(b){var c=1;return b+c}\nconsole.log(a(2));\n";
    private static final String DIAGRAM = "@startuml\nA -> B : hi\nB --> A : ho\n@enduml\n";
    private static final String SHEET = """
            <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
              <xsl:template match="/">
                <o><xsl:for-each select="//b"><i><xsl:value-of select=". * 2"/></i></xsl:for-each></o>
              </xsl:template>
            </xsl:stylesheet>
            """;

    @RegisterExtension
    final WarmScene scene = new WarmScene();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "google-java-format.jar --replace Check.java",
                "google-java-format.jar Check.java",
                "ktlint.jar --log-level=error a.kt",
                "ktlint.jar --log-level=error -F a.kt",
                "com.puppycrawl.tools.checkstyle.Main -c /google_checks.xml Check.java",
                "plantuml.jar -tsvg a.puml",
                "net.sf.saxon.Transform -s:a.xml -xsl:a.xsl -o:out.xml",
                "com.sun.tools.javac.Main -d out Play.java",
                "com.sun.tools.javac.Main -d out a.kt",
                "closure.jar --js a.js --js_output_file out.js"
            })
    void theSameAgainAndAgain(String line) throws Exception {
        List<String> words = List.of(line.split(" ", -1));
        String[] args = words.subList(1, words.size()).toArray(new String[0]);
        scene.write(command(words.get(0)));

        fill();
        Ran cold = scene.cold("", args);
        var files = files();
        scene.start();
        for (int i = 0; i < RUNS; i++) {
            fill();
            assertThat(scene.warm("", args)).as("run %d", i).isEqualTo(cold);
            assertThat(files()).as("run %d", i).isEqualTo(files);
        }
        assertThat(scene.daemons()).hasSize(1);
    }

    private static List<String> command(String tool) {
        List<String> words = new ArrayList<>(List.of("java"));
        if (Runtime.version().feature() >= FIRST_THAT_WARNS) {
            // Such a JVM warns once, on its own standard error, which is the daemon's log.
            words.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (tool.endsWith(".jar")) {
            words.addAll(List.of("-jar", TOOLS.resolve(tool).toString()));
        } else {
            if (!tool.startsWith("com.sun")) {
                words.addAll(List.of("-cp", TOOLS.resolve("checkstyle") + "/*"));
            }
            words.add(tool);
        }
        return words;
    }

    /** The directory as it was. */
    private void fill() throws IOException {
        try (Stream<Path> all = Files.list(scene.work())) {
            for (Path one : all.toList()) {
                WarmScene.delete(one);
            }
        }
        Path work = scene.work();
        Files.copy(SOURCES.resolve("Check.java"), work.resolve("Check.java"));
        String play = "package a; public class Play { String x = \"\"; }\n";
        Files.writeString(work.resolve("Play.java"), play);
        Files.writeString(work.resolve("a.kt"), KOTLIN);
        Files.writeString(work.resolve("a.js"), SCRIPT);
        Files.writeString(work.resolve("a.puml"), DIAGRAM);
        Files.writeString(work.resolve("a.xml"), "<a><b>1</b><b>2</b></a>");
        Files.writeString(work.resolve("a.xsl"), SHEET);
        Files.createDirectory(work.resolve("out"));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(scene.work())) {
            for (Path one : all.filter(Files::isRegularFile).toList()) {
                files.put(one.toString(), Files.readString(one, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }
}
