package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README shows is what happens. */
@Timeout(120)
class ReadmeTest {
    private static final Path README = Path.of("../../README.md");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");

    @BeforeEach
    void create() throws IOException {
        directory = place.directory();
    }

    private static String block(String begin) throws IOException {
        String readme = Files.readString(README);
        int from = readme.indexOf(begin);
        assertThat(from).isNotNegative();
        int text = readme.indexOf('\n', readme.indexOf("```", from)) + 1;
        return readme.substring(text, readme.indexOf("```", text));
    }

    private String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }

    @Test
    void theProgramCompilesAndCounts() throws Exception {
        Path source = Files.writeString(directory.resolve("Sum.java"), block("```java"));
        String classPath = System.getProperty("java.class.path");
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, "-d", directory.toString(), source.toString());
        assertThat(errors).isZero();
        List<String> command = List.of(JAVA, "-cp", directory + ":" + classPath, "Sum");
        for (int expected : List.of(2, 4, 6)) {
            List<String> with = new ArrayList<>(command);
            with.add("2");
            assertThat(run(with)).isEqualTo(expected + "\n");
        }
    }

    @Test
    void theCommandThatRunsInItsDaemon() throws Exception {
        String imports = "import io.github.autodaemon.AutoDaemon;\nimport io.github.autodaemon.Invocation;\n"
                + "import io.github.autodaemon.Program;\nimport java.util.List;\n"
                + "import java.util.concurrent.CopyOnWriteArrayList;\n";
        Path source = Files.writeString(
                directory.resolve("Todo.java"),
                imports + block("A command-line tool can run in its daemon altogether"));
        String classPath = System.getProperty("java.class.path");
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, "-d", directory.toString(), source.toString());
        assertThat(errors).isZero();
        List<String> command = List.of(JAVA, "-cp", directory + ":" + classPath, "Todo");
        for (String expected : List.of("[a b]\n", "[a b, a b]\n")) {
            List<String> with = new ArrayList<>(command);
            with.add("a b");
            assertThat(run(with)).isEqualTo(expected);
        }
    }

    @Test
    void theTranscript() throws Exception {
        List<String> lines = block("```\n$ ./counter add 2").lines().toList();
        assertThat(lines).startsWith("$ ./counter add 2", "2").hasSize(9);
        String expected = String.join("\n", lines) + "\n";
        StringBuilder happened = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith("$ ./counter ")) {
                List<String> command = new ArrayList<>(
                        List.of(JAVA, "-cp", System.getProperty("java.class.path"), CounterCommand.class.getName()));
                command.addAll(List.of(line.substring("$ ./counter ".length()).split(" ")));
                happened.append(line).append('\n').append(run(command));
            }
        }
        assertThat(happened).hasToString(expected);
    }
}
