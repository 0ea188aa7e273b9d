package io.github.autodaemon.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The extension with the oldest JUnit that it is for, in a process of its own. */
@Timeout(120)
class OldestJUnitTest {
    private static final Path JUNIT = Path.of("target/oldest/junit.jar");

    private static String run(Class<?> sample) throws Exception {
        assertThat(Files.exists(JUNIT)).isTrue();
        List<String> classPath = new ArrayList<>(List.of(JUNIT.toString()));
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!String.valueOf(Path.of(element).getFileName()).startsWith("junit-")) {
                classPath.add(element);
            }
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        "org.junit.platform.console.ConsoleLauncher",
                        "execute",
                        "--disable-banner",
                        "--disable-ansi-colors",
                        "--details=none",
                        "--select-class=" + sample.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + "\n" + out;
    }

    @Test
    void aCleanTestPasses() throws Exception {
        assertThat(run(Samples.CleanInDaemon.class)).startsWith("0\n").doesNotContain("LeakError");
    }

    @Test
    void whatIsLeftBehindFailsTheTest() throws Exception {
        assertThat(run(Samples.Unwanted.class))
                .startsWith("1\n")
                .contains(
                        "LeakError: left behind with LabService, 300 ms after the test had ended:\n- 1 daemon runs at the"
                                + " socket of a service that is in process, pid ");
    }
}
