package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name exists. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)\\)");

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !file.toString().contains("/target/")
                            && !file.toString().contains("/node_modules/"))
                    .toList();
        }
    }

    @Test
    void theTestsThatAreNamedExist() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (Path file : files("Test.java")) {
            String name = String.valueOf(file.getFileName());
            tests.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
        }
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path document : files(".md")) {
            Matcher matcher = TEST.matcher(Files.readString(document));
            while (matcher.find()) {
                named++;
                String source = tests.get(matcher.group(1));
                if (source == null || (matcher.group(2) != null && !source.contains(" " + matcher.group(2) + "("))) {
                    missing.add(document + ": " + matcher.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(40);
    }

    @Test
    void theFilesThatAreLinkedExist() throws IOException {
        for (Path document : files(".md")) {
            Matcher matcher = LINK.matcher(Files.readString(document));
            while (matcher.find()) {
                assertThat(document.resolveSibling(matcher.group(1)))
                        .as("linked in %s", document)
                        .exists();
            }
        }
    }
}
