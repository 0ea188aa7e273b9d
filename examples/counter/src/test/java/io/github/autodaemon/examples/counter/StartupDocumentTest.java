package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.testing.TestDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/** The command that docs/startup.md makes from scratch can be made so, and does what is shown. */
@Timeout(120)
class StartupDocumentTest {
    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");

    @BeforeEach
    void create() throws Exception {
        directory = place.directory();
        Files.createDirectory(directory.resolve("lib"));
        Jars.write(AutoDaemon.class, directory.resolve("lib/auto-daemon.jar"));
        Jars.write(Gson.class, directory.resolve("lib/gson.jar"));
        Jars.write(CommandLine.class, directory.resolve("lib/picocli.jar"));
    }

    private static String block(String text, String begin) {
        int from = text.indexOf(begin);
        assertThat(from).as(begin).isNotNegative();
        int code = text.indexOf('\n', from + begin.length()) + 1;
        return text.substring(code, text.indexOf("```", code));
    }

    private String sh(String commands) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        String home = System.getProperty("java.home");
        builder.environment().put("JAVA_HOME", home);
        builder.environment().put("PATH", home + "/bin:" + System.getenv("PATH"));
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    @Test
    void theCommandFromScratch() throws Exception {
        String text = Files.readString(Path.of("../../docs/startup.md"));
        Files.writeString(directory.resolve("Todo.java"), block(text, "```java"));
        assertThat(sh(block(text, "```sh"))).isEmpty();
        StringBuilder expected = new StringBuilder();
        StringBuilder commands = new StringBuilder();
        for (String line : block(text, "That is all:\n\n```").lines().toList()) {
            if (line.startsWith("$ ")) {
                commands.append(line.substring(2)).append('\n');
            } else {
                expected.append(line).append('\n');
            }
        }
        assertThat(sh(commands.toString())).isEqualTo(expected.toString());
    }
}
