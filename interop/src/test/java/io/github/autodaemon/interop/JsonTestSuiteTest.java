package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * JSONTestSuite, as npm has it: documents that every parser takes ({@code y_}), that none does ({@code n_}), and that are up
 * to it ({@code i_}).
 */
@WithNode
@Timeout(60)
class JsonTestSuiteTest {
    private static final Map<String, String> DOCUMENTS = new TreeMap<>();

    @BeforeAll
    static void theSuite() throws Exception {
        String print = "import('" + NpmPackages.modules().resolve("json-test-suite/index.js")
                + "').then(m => m.parsing.forEach(c => console.log(c.name, Buffer.from(c.input, 'utf16le').toString('base64'))))";
        Process node = new ProcessBuilder("node", "--input-type=module", "-e", print)
                .redirectErrorStream(true)
                .start();
        List<String> lines = node.inputReader().lines().toList();
        assertThat(node.waitFor()).as(String.join("\n", lines)).isZero();
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            byte[] input = Base64.getDecoder().decode(words.length < 2 ? "" : words[1]);
            DOCUMENTS.put(words[0], new String(input, StandardCharsets.UTF_16LE));
        }
        assertThat(DOCUMENTS).hasSizeGreaterThan(300);
    }

    private static boolean takes(String document) {
        try {
            Json.parse(document, Json.MOST_DEPTH);
            return true;
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("malformed JSON at character ");
            return false;
        }
    }

    private static Set<String> taken(String prefix) {
        Set<String> taken = new TreeSet<>();
        DOCUMENTS.forEach((name, document) -> {
            if (name.startsWith(prefix) && takes(document)) {
                taken.add(name);
            }
        });
        return taken;
    }

    @Test
    void whatIsJsonIsRead() {
        assertThat(DOCUMENTS.keySet().stream().filter(name -> name.startsWith("y_")))
                .hasSizeGreaterThan(90)
                .containsExactlyInAnyOrderElementsOf(taken("y_"));
    }

    @Test
    void whatIsNoneIsRefused() {
        assertThat(DOCUMENTS.keySet().stream().filter(name -> name.startsWith("n_")))
                .hasSizeGreaterThan(180);
        assertThat(taken("n_")).isEmpty();
    }

    /** Numbers of any size and exponents that the JDK can hold, unpaired surrogates; no byte order mark, 500 levels. */
    @Test
    void whatIsUpToTheParser() {
        Set<String> refused = new TreeSet<>(DOCUMENTS.keySet().stream()
                .filter(name -> name.startsWith("i_"))
                .toList());
        refused.removeAll(taken("i_"));
        assertThat(refused)
                .containsExactly(
                        "i_number_huge_exp.json",
                        "i_string_UTF-16LE_with_BOM.json",
                        "i_string_utf16BE_no_BOM.json",
                        "i_string_utf16LE_no_BOM.json",
                        "i_structure_UTF-8_BOM_empty_object.json");
    }
}
