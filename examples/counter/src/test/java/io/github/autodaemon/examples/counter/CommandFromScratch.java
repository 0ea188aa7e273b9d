package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.testing.TestDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import picocli.CommandLine;

/** A page that makes a command from scratch, done as it says in a directory with the library's jars. */
final class CommandFromScratch extends TestDirectory {
    private final Path page;

    CommandFromScratch(Path page) {
        this.page = page;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        super.beforeEach(context);
        Files.createDirectory(directory().resolve("lib"));
        Jars.write(AutoDaemon.class, directory().resolve("lib/auto-daemon.jar"));
        Jars.write(Gson.class, directory().resolve("lib/gson.jar"));
        Jars.write(CommandLine.class, directory().resolve("lib/picocli.jar"));
    }

    private String block(String begin) throws Exception {
        String text = Files.readString(page);
        int from = text.indexOf(begin);
        assertThat(from).as(begin).isNotNegative();
        int code = text.indexOf('\n', text.indexOf("```", from)) + 1;
        return text.substring(code, text.indexOf("```", code));
    }

    /** Writes the source and runs the first commands of the page; returns what they print. */
    String make(String source) throws Exception {
        Files.writeString(directory().resolve(source), block("```java"));
        return sh(block("```sh"));
    }

    /** Runs the transcript behind {@code begin}, line by line. */
    void transcript(String begin) throws Exception {
        StringBuilder expected = new StringBuilder();
        StringBuilder commands = new StringBuilder();
        for (String line : block(begin).lines().toList()) {
            if (line.startsWith("$ ")) {
                commands.append(line.substring(2)).append('\n');
            } else {
                expected.append(line).append('\n');
            }
        }
        assertThat(sh(commands.toString())).isEqualTo(expected.toString());
    }

    String sh(String commands) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", commands)
                .directory(directory().toFile())
                .redirectErrorStream(true);
        String home = System.getProperty("java.home");
        builder.environment().put("JAVA_HOME", home);
        builder.environment().put("PATH", home + "/bin:" + System.getenv("PATH"));
        builder.environment().put("XDG_CACHE_HOME", directory().resolve("cache").toString());
        builder.environment().put("XDG_RUNTIME_DIR", directory().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
