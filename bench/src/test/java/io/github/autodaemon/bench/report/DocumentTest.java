package io.github.autodaemon.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class DocumentTest {
    @TempDir
    Path home;

    private static Series series(String row, String who, double... samples) {
        return new Series(
                row, who, "ms", java.util.Arrays.stream(samples).boxed().toList());
    }

    /** What every piece of a start is derived from. */
    private static Results.Part warm() {
        return new Results.Part(
                "2026-11-24",
                61,
                List.of(
                        series(Rows.WARM, Rows.TYPED, 50),
                        series(Rows.WARM, Rows.DYNAMIC, 46),
                        series(Rows.WARM, Rows.FLOOR, 44),
                        series(Rows.WARM, "npm", 85, 87),
                        series(Rows.WARM, Rows.BARE_NODE, 56),
                        series(Rows.WARM, Rows.BARE_JVM, 36),
                        series(Rows.before(Rows.WARM), Rows.BARE_JVM, 31),
                        series(Rows.WARM, Rows.BARE_PROCESS, 1),
                        series(Rows.WARM, Rows.SHELL_SCRIPT, 2.5)),
                List.of("gRPC: <broke> & gone"));
    }

    private Path document(String text) throws Exception {
        Path docs = Files.createDirectories(home.resolve("docs"));
        Files.writeString(docs.resolve("performance.md"), text);
        Results results = new Results(Map.of("JDK", "17.0.15"), Map.of("warm", warm()));
        results.write(home.resolve("results/17.json"));
        Document.write(home.resolve("results"), docs, docs);
        return docs;
    }

    @Test
    void fillsItsBlocksAndLeavesTheRest() throws Exception {
        String text =
                "Prose.\n\n<!-- bench goals -->\noutdated\n<!-- end -->\n\nMore $1 prose.\n\n<!-- bench cold -->\n<!-- end -->\n";
        Path docs = document(text);

        String first = Files.readString(docs.resolve("performance.md"));
        assertThat(first)
                .startsWith("Prose.\n\n<!-- bench goals -->\n\nJDK 17:\n\n|  | unit | ours | peer | ratio |")
                .contains(
                        "| warm command: typed beside npm | ms | 50.0 | 86.0 | **0.58** | 0.59..0.59 | ≤ 0.80 | yes |\n")
                .contains("\n<!-- end -->\n\nMore $1 prose.\n")
                .endsWith("<!-- bench cold -->\n\nNot measured yet.\n\n<!-- end -->\n")
                .doesNotContain("outdated");

        Document.write(home.resolve("results"), docs, docs);
        assertThat(docs.resolve("performance.md")).hasContent(first);
    }

    @Test
    void aBlockThatNothingFillsIsAMistake() {
        assertThatThrownBy(() -> document("<!-- bench weather -->\n<!-- end -->\n"))
                .hasMessage("performance.md has a block that nothing fills: weather");
    }

    @Test
    void whatHasFailedIsShown() throws Exception {
        assertThat(Files.readString(
                        document("<!-- bench setup -->\n<!-- end -->\n").resolve("performance.md")))
                .contains("| failed: warm | gRPC: <broke> & gone |");
    }

    @Test
    void resultsComeBackAsTheyWere() throws Exception {
        document("");

        assertThat(Results.read(home.resolve("results/17.json")))
                .isEqualTo(new Results(Map.of("JDK", "17.0.15"), Map.of("warm", warm())));
    }

    @Test
    void picturesAreWellFormed() throws Exception {
        Path docs = document("");

        try (Stream<Path> all = Files.list(docs.resolve("performance"))) {
            List<Path> pictures = all.toList();
            assertThat(pictures).hasSize(1);
            var picture = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(Files.readString(pictures.get(0)))));
            assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
        }
    }

    @Test
    void theDocumentOfThisCloneHasOnlyBlocksThatAreFilled() throws Exception {
        Path docs = Path.of("../docs").toAbsolutePath().normalize();
        Path to = home.resolve("to");

        Document.write(home.resolve("no results"), to, docs);

        assertThat(Files.readString(to.resolve("performance.md"))).contains("Not measured yet.");
    }
}
