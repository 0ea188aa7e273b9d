package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A front written from docs/protocol.md alone runs commands in a Java daemon. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FrontInNodeTest {
    private static final int NOT_RUN = 111;

    @RegisterExtension
    final Workplace workplace = new Workplace();

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void startTheDaemon() {
        assertThat(workplace
                        .closeLater(WorkshopProgram.at(workplace.socket()).connect())
                        .isOpen())
                .isTrue();
    }

    /** Starts a script of the shell, in which {@code "$@"} is the front without the command's arguments. */
    private Process start(String script) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        "/bin/sh",
                        "-c",
                        script,
                        "sh",
                        "node",
                        NpmPackages.script("front.js").toString(),
                        workplace.socket().toString()))
                .directory(workplace.directory().toFile())
                .redirectError(file("err").toFile())
                .start();
        workplace.closeLater(process::destroyForcibly);
        return process;
    }

    private Ran run(String script) throws Exception {
        Process process = start(script);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(file("err")));
    }

    private Path file(String name) {
        return workplace.directory().resolve(name);
    }

    @Test
    void bothOutputsAndTheExitCodeArePassedOn() throws Exception {
        assertThat(run("\"$@\" both")).isEqualTo(new Ran(0, "one\nthree\n", "two\n"));
        assertThat(run("\"$@\" both 2>&1")).isEqualTo(new Ran(0, "one\ntwo\nthree\n", ""));
        assertThat(run("\"$@\" 7")).isEqualTo(new Ran(7, "", ""));
        assertThat(run("\"$@\" throw"))
                .isEqualTo(new Ran(1, "", "front: java.lang.IllegalStateException: it went wrong\n"));
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        assertThat(run("\"$@\" echo 'a b' '' '\"\\' 'tab\there' 'two\nlines' 'Übung €𝄞'"))
                .isEqualTo(new Ran(0, "a b\n\n\"\\\ntab\there\ntwo\nlines\nÜbung €𝄞", ""));
    }

    @Test
    void aMegabyteGoesThereAndBack() throws Exception {
        byte[] all = new byte[1_000_007];
        new Random(7).nextBytes(all);
        Files.write(file("in"), all);
        assertThat(run("\"$@\" cat <in >out; cat in | \"$@\" cat >out2")).isEqualTo(new Ran(0, "", ""));
        assertThat(file("out")).hasBinaryContent(all);
        assertThat(file("out2")).hasBinaryContent(all);
    }

    @Test
    void anInputThatIsNotReadStaysWithTheCaller() throws Exception {
        Files.writeString(file("in"), "abc\ndef\nghi\n");
        assertThat(run("{ \"$@\" 0; cat; } <in")).isEqualTo(new Ran(0, "abc\ndef\nghi\n", ""));
        assertThat(run("cat in | { \"$@\" 0; cat; }")).isEqualTo(new Ran(0, "abc\ndef\nghi\n", ""));
        assertThat(run("{ \"$@\" read 5; cat; } <in")).isEqualTo(new Ran(0, "abc\nd\nef\nghi\n", ""));
    }

    @Test
    void anOutputThatTakesNoMoreEndsTheCommand() throws Exception {
        assertThat(run("\"$@\" flood >/dev/full")).isEqualTo(new Ran(0, "", ""));
    }

    @Test
    void aSignalCancelsTheCommandAndEndsItsCaller() throws Exception {
        for (String signal : List.of("INT 130", "TERM 143")) {
            String name = signal.substring(0, signal.indexOf(' '));
            Process process = start("exec \"$@\" wait by-" + name);
            awaitLine(process, "waiting");
            Processes.signal(process.pid(), name);
            Scratch.awaitText(file("by-" + name), "cancelled true");
            assertThat(name + " " + process.waitFor()).isEqualTo(signal);
        }
    }

    @Test
    void aProgramMayHandleASignal() throws Exception {
        Process process = start("exec \"$@\" handle");
        awaitLine(process, "waiting");
        Processes.signal(process.pid(), "INT");
        awaitLine(process, "got it");
        Processes.signal(process.pid(), "INT");
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("got it\n");
        assertThat(process.waitFor()).isZero();
    }

    private static void awaitLine(Process process, String expected) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = process.getInputStream().read();
                b >= 0 && b != '\n';
                b = process.getInputStream().read()) {
            line.append((char) b);
        }
        assertThat(line).hasToString(expected);
    }

    @Test
    void aDirectoryThatTheDaemonDoesNotSeeIsNoPlaceForACommand() throws Exception {
        assertThat(run("\"$@\" add 1").out()).isEqualTo("1\n");
        Ran refused = run("FRONT_DEV=1 \"$@\" add 1");
        assertThat(refused.code()).isEqualTo(NOT_RUN);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .contains("the command was not run: the daemon sees another directory at ")
                .contains("\"cold\":true");
        assertThat(run("\"$@\" add 1").out()).isEqualTo("2\n");
    }
}
