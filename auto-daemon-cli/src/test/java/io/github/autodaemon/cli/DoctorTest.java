package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.Connection;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code doctor}: what is well, what is not, and how to mend it. */
@Timeout(60)
class DoctorTest {
    @RegisterExtension
    final Scene scene = new Scene();

    @Test
    void aMachineThatIsWell() throws Exception {
        scene.start("desk");
        Ran ran = scene.autod("doctor");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains(
                        "ok       directory: " + scene.home() + ", yours, mode 0700, on ",
                        "ok       file locks: work in " + scene.home(),
                        "ok       sockets: can be made there\n",
                        "ok       names: can have up to ",
                        "ok       jvm: ",
                        "ok       daemons: 1 runs")
                .doesNotContain("problem");
        assertThat(ran.code()).isZero();
        try (var files = Files.list(scene.home())) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .noneMatch(name -> name.contains("doctor"));
        }
    }

    @Test
    void aDirectoryThatOthersCanEnter() throws Exception {
        Files.setPosixFilePermissions(scene.home(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Ran ran = scene.autod("doctor");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("problem  directory: " + scene.home() + " has mode 0755 and must have 0700\n")
                .contains("         mend: chmod 700 " + scene.home() + "\n");
    }

    /** Neither a home directory nor a name is needed, and whoever has none is told of the rest all the same. */
    @Test
    void aUserWithoutAHome() throws Exception {
        List<String> command = new ArrayList<>(scene.command("doctor"));
        command.add(1, "-Duser.home=?");
        Ran ran = scene.run(command, "");
        assertThat(ran.out())
                .contains(
                        "ok       directory: " + scene.home() + ", yours", "ok       file locks: ", "ok       limits: ")
                .doesNotContain("problem");
        assertThat(ran.code()).isZero();
    }

    @Test
    void aDirectoryWithoutRoomForASocket() throws Exception {
        Path deep = Files.createDirectory(
                scene.directory().resolve("d".repeat(100)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Ran ran = in(deep);
        assertThat(ran.out())
                .contains("problem  names: " + deep + "/auto-daemon is too long: a socket in it cannot have a path of"
                        + " 106 bytes or less\n"
                        + "         mend: set XDG_RUNTIME_DIR to a directory of yours with a"
                        + " shorter path")
                .contains("ok       directory: " + deep + "/auto-daemon does not exist yet", "ok       limits: ");
        assertThat(ran.code()).isEqualTo(1);
        Files.createDirectory(
                deep.resolve("auto-daemon"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(in(deep).out()).contains("problem  sockets: cannot be made in ", "ok       daemons: 0 run");
    }

    private Ran in(Path runtime) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "XDG_RUNTIME_DIR=" + runtime));
        command.addAll(scene.command("doctor"));
        return scene.run(command, "");
    }

    /** What cannot be listed keeps back no other check. */
    @Test
    void aDirectoryThatIsNone() throws Exception {
        Path other = Files.createDirectory(
                scene.directory().resolve("other"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(other.resolve("auto-daemon"), "");
        Ran ran = in(other);
        assertThat(ran.out())
                .contains(
                        "problem  directory: " + other + "/auto-daemon is no directory\n",
                        "ok       limits: ",
                        "daemons: ");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void leftoversAndDaemonsThatDoNotRespond() throws Exception {
        Processes.kill(scene.start("dead"));
        long silent = scene.start("silent");
        Processes.signal(silent, "STOP");
        Ran ran = scene.autod("doctor");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("warning  leftovers: dead (" + scene.socket("dead") + "): its daemon died")
                .contains("mend: autod ps --clean\n")
                .contains("problem  daemons: silent (" + scene.socket("silent") + ") does not respond (pid " + silent
                        + ")")
                .contains("mend: look at its threads (jstack), or end it: autod stop --kill ");
    }

    @Test
    void theReportHasNoSecrets() throws Exception {
        try (Connection<Desk> desk =
                scene.desk("desk").args("--password=plugh").build().connect()) {
            assertThat(desk.rpc().add(1)).isEqualTo(1);
            Ran ran = scene.autod("doctor", "--report");
            assertThat(ran.code()).isZero();
            JsonObject report = JsonParser.parseString(ran.out()).getAsJsonObject();
            assertThat(report.keySet())
                    .containsExactly("system", "jvm", "processors", "encoding", "findings", "daemons");
            assertThat(report.getAsJsonArray("daemons")).hasSize(1);
            assertThat(ran.out()).doesNotContain("plugh", "xyzzy", System.getProperty("user.home") + "/");
        }
    }
}
