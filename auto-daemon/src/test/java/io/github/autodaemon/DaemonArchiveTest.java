package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The archive of a daemon whose JVM has options of its own, for a program with a start script. */
@Timeout(120)
class DaemonArchiveTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private Path archives = Path.of("/nowhere");
    private String path = "";

    private String start(String jvmOptions) throws Exception {
        if (path.isEmpty()) {
            archives = Files.createDirectory(
                    scratch.directory().resolve("archives"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            TallyProgram program = TallyProgram.compile(scratch.directory().resolve("tally"));
            Path jar = program.jar(scratch.directory().resolve("lib/tally.jar"));
            Path library = TallyProgram.jar(scratch.directory().resolve("lib/auto-daemon.jar"), TallyProgram.library());
            path = jar + ":" + library + ":" + TallyProgram.gson();
        }
        String out = TallyProgram.run(
                        scratch.directory(),
                        Map.of(),
                        List.of(
                                TallyProgram.java().toString(),
                                "-Dautodaemon.archive=" + archives.resolve("command"),
                                "-cp",
                                path,
                                TallyProgram.MAIN,
                                scratch.socket().toString(),
                                "jvmOptions",
                                jvmOptions))
                .out();
        assertThat(out).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
        return out.substring(0, out.indexOf(' '));
    }

    private Path log() {
        return scratch.directory().resolve("s.log");
    }

    /** From JDK 24 on an archive counts only for the modules it was made with, and the JVM says so in four lines. */
    @Test
    void aDaemonThatChangesModulesHasOneThatCounts() throws Exception {
        String options =
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED";
        String first = start(options);
        Scratch.awaitText(log(), "made an archive of loaded classes: ");
        Scratch.end(first);
        String second = start(options);
        assertThat(Files.readString(log())).doesNotContain("[error]", "[warning]");
        assertThat(Files.readString(Path.of("/proc", second, "maps")))
                .contains(archives + "/daemon-tally.TallyService-");
        Scratch.end(second);
        // Nor is it another daemon's.
        String third = start("-Dx=y");
        assertThat(Files.readString(log())).doesNotContain("[error]", "[warning]");
        assertThat(Files.readString(Path.of("/proc", third, "maps"))).doesNotContain(archives.toString());
    }

    @Test
    void aDaemonThatCanUseNoneHasNone() throws Exception {
        String pid = start("-XX:-UseCompressedOops");
        assertThat(Files.readString(Path.of("/proc", pid, "cmdline"))).doesNotContain(archives.toString());
    }
}
