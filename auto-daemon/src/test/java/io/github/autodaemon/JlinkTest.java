package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.daemon.DaemonMain;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A program linked into a runtime image of its own: its modules are on no path. */
@Timeout(240)
class JlinkTest {
    @TempDir
    static Path shared;

    private static TallyProgram program;
    private static Path image;

    @RegisterExtension
    final Scratch scratch = new Scratch();

    @BeforeAll
    static void link() throws Exception {
        program = TallyProgram.module(shared.resolve("tally"), false, TallyProgram.OPENS);
        image = shared.resolve("image");
        TallyProgram.tool(
                "jlink",
                List.of(
                        "-p",
                        program.classes() + ":" + TallyProgram.library() + ":" + TallyProgram.gson(),
                        "--add-modules",
                        "tally",
                        "--output",
                        image.toString()));
    }

    private String run(Path java, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-m",
                "tally/" + TallyProgram.MAIN,
                scratch.socket().toString()));
        command.addAll(List.of(options));
        return TallyProgram.run(scratch.directory(), Map.of(), command).out();
    }

    private Path java() {
        return image.resolve("bin/java");
    }

    private static List<String> commandLine(String out) throws Exception {
        String pid = out.substring(0, out.indexOf(' '));
        return List.of(Files.readString(Path.of("/proc", pid, "cmdline")).split("\0", -1));
    }

    @Test
    void theImageRunsItsDaemon() throws Exception {
        String first = run(java());
        assertThat(first).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
        assertThat(commandLine(first))
                .startsWith(java().toRealPath().toString())
                .contains("--add-modules", "tally", "-m", "io.github.autodaemon/" + DaemonMain.class.getName())
                .doesNotContain("-cp", "--module-path");
        assertThat(run(java())).isEqualTo(first.replace(" 4", " 8"));
    }

    /** The flight recorder is in no image that does not ask for it. */
    @Test
    void theImageNeedsNoFlightRecorder() throws Exception {
        String modules = TallyProgram.run(scratch.directory(), Map.of(), List.of(java().toString(), "--list-modules"))
                .out();
        assertThat(modules).contains("io.github.autodaemon").doesNotContain("jdk.jfr");
        assertThat(run(java())).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
    }

    /** As jlink --strip-native-commands leaves it, with a launcher of the program's own. */
    @Test
    void anImageWithoutJavaSaysSoAtOnce() throws Exception {
        Path java = java();
        Path launcher = Files.move(java, java.resolveSibling("tally"));
        try {
            assertThat(run(launcher))
                    .isEqualTo("build: there is no JVM to run the daemon with: " + java
                            + " is not executable; name a Java installation with javaHome(...), or a program to start"
                            + " with command(...)\n");
            Path home = scratch.directory().resolve("jre");
            Path other = Files.createDirectories(home.resolve("bin")).resolve("java");
            Files.writeString(other, "#!/bin/sh\nexec '" + launcher + "' \"$@\"\n");
            Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwx------"));
            assertThat(run(launcher, "javaHome", home.toString())).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
        } finally {
            Files.move(launcher, java);
        }
    }

    @Test
    void anotherJvmThanTheImageNeedsAClassPath() throws Exception {
        String home = System.getProperty("java.home");
        assertThat(run(java(), "javaHome", home))
                .startsWith("connect: ")
                .contains("Module io.github.autodaemon not found");
        String path = program.classes() + ":" + TallyProgram.library() + ":" + TallyProgram.gson();
        String out = run(java(), "javaHome", home, "classPath", path);
        assertThat(out).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
        assertThat(commandLine(out)).startsWith(home + "/bin/java").contains("-cp", path);
    }
}
