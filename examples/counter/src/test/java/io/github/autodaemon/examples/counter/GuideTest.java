package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide's tests compile and pass, and the failure that it shows is what they say. */
@Timeout(120)
class GuideTest {
    private static final Path GUIDE = Path.of("../../docs/guide.md");

    @TempDir
    Path directory;

    @Test
    void theTestsRun() throws Exception {
        String text = Files.readString(GUIDE);
        String testing = text.substring(text.indexOf("## Testing"), text.indexOf("## In the foreground"));
        String code = block(testing, "```java");
        String shown = block(testing, "The last test fails:\n\n```").strip();

        String outcome = run("CounterTest", code);

        assertThat(outcome)
                .isEqualTo("countsForEverybody() passed\ncountsInADaemon() passed\nforgetsAConnection() failed:\n"
                        + shown + "\n");
    }

    private static String block(String text, String begin) {
        int from = text.indexOf(begin);
        assertThat(from).as(begin).isNotNegative();
        int code = text.indexOf('\n', from + begin.length()) + 1;
        return text.substring(code, text.indexOf("```", code));
    }

    private String run(String name, String code) throws Exception {
        Path source = Files.writeString(
                directory.resolve(name + ".java"), "package io.github.autodaemon.examples.counter;\n" + code);
        String classPath = System.getProperty("java.class.path");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, errors, errors, "-cp", classPath, "-d", directory.toString(), source.toString());
        assertThat(failed).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        directory + File.pathSeparator + classPath,
                        RunTests.class.getName(),
                        "io.github.autodaemon.examples.counter." + name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
