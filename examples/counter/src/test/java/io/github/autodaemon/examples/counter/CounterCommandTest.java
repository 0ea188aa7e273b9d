package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command as its users run it: each in a process of its own. */
@Timeout(120)
class CounterCommandTest {
    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");
    private Path socket = directory;

    record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void create() throws IOException {
        directory = place.directory();
        socket = directory.resolve("auto-daemon/counter.sock");
    }

    private Process start(String... args) throws IOException {
        return builder(args).start();
    }

    private ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CounterCommand.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        // The default directory is in here, where it is ours.
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        return builder;
    }

    private static Ran ended(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, err);
    }

    private Ran run(String... args) throws Exception {
        return ended(start(args));
    }

    @Test
    void theTranscript() throws Exception {
        assertThat(run("add", "2")).isEqualTo(new Ran(0, "2\n", ""));
        assertThat(run("add", "3")).isEqualTo(new Ran(0, "5\n", ""));
        ProcessHandle first = place.daemons().get(0);
        assertThat(run("add", "4")).isEqualTo(new Ran(0, "9\n", ""));
        assertThat(run("get")).isEqualTo(new Ran(0, "9\n", ""));
        assertThat(run("close")).isEqualTo(new Ran(0, "", ""));
        assertThat(run("add", "5")).isEqualTo(new Ran(0, "5\n", ""));
        Processes.awaitEnd(first);
        assertThat(place.daemons()).hasSize(1);
        assertThat(Files.exists(socket)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("auto-daemon"))))
                .isEqualTo("rwx------");
    }

    @Test
    void closeStartsNothing() throws Exception {
        assertThat(run("close")).isEqualTo(new Ran(0, "", ""));
        assertThat(place.daemons()).isEmpty();
        assertThat(socket).doesNotExist();
        assertThat(directory.resolve("auto-daemon/counter.sock.log")).doesNotExist();
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAnError() throws Exception {
        Process full =
                builder("get").redirectOutput(Path.of("/dev/full").toFile()).start();
        assertThat(ended(full))
                .isEqualTo(new Ran(1, "", "counter: cannot write to standard output: No space left on device\n"));
    }

    @Test
    void twentyAtOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            processes.add(start("add", "1"));
        }
        List<String> answers = new ArrayList<>();
        for (Process process : processes) {
            Ran ran = ended(process);
            assertThat(ran.err()).isEmpty();
            answers.add(ran.out().strip());
        }
        assertThat(answers)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList());
        assertThat(place.daemons()).hasSize(1);
    }

    @Test
    void autoclose() throws Exception {
        Path own = directory.resolve("own");
        assertThat(run("--socket", own.toString(), "--autoclose", "add", "2").out())
                .isEqualTo("2\n");
        for (ProcessHandle daemon : place.daemons()) {
            Processes.awaitEnd(daemon);
        }
        assertThat(own).doesNotExist();
    }

    /** Parity row 8: what the daemon prints appears here, each on its own stream. */
    @Test
    void debug() throws Exception {
        Ran ran = run("--debug", "add", "2");
        assertThat(ran.out().lines()).containsExactlyInAnyOrder("add 2 gives 2", "2");
        assertThat(ran.err()).contains("--- started by pid ");
    }

    @Test
    void badInput() throws Exception {
        String usage = "usage: counter [--socket PATH] [--autoclose] [--debug] add N | get | close\n";
        assertThat(run("add", "two"))
                .isEqualTo(new Ran(2, "", "counter: add needs a whole number, not \"two\"\n" + usage));
        assertThat(run("--help")).isEqualTo(new Ran(0, usage, ""));
        assertThat(run()).isEqualTo(new Ran(2, "", "counter: no command was given\n" + usage));
        assertThat(run("add")).isEqualTo(new Ran(2, "", "counter: add needs a number\n" + usage));
        assertThat(run("sub", "1")).isEqualTo(new Ran(2, "", "counter: there is no command \"sub\"\n" + usage));
        assertThat(run("--what", "get")).isEqualTo(new Ran(2, "", "counter: there is no option --what\n" + usage));
        assertThat(run("--socket")).isEqualTo(new Ran(2, "", "counter: --socket needs a path\n" + usage));
        assertThat(run("get", "now")).isEqualTo(new Ran(2, "", "counter: \"now\" is one argument too many\n" + usage));
        assertThat(place.daemons()).isEmpty();
    }

    @Test
    void aDaemonThatCannotBeReachedIsALineAndExitCode1() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Ran ran = run("--socket", file.toString(), "get");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(ran.err()).startsWith("counter: " + file + " is a regular file, not a socket");
        assertThat(file).hasContent("precious");
    }

    /** {@code $(counter add 1)} returns although it started a daemon: nothing of the caller's is open in it. */
    @Test
    void whoWaitsForTheEndOfThePipeIsNotKeptWaiting() throws Exception {
        Process shell = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "out=$(\"$@\"); echo \"<$out>\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CounterCommand.class.getName(),
                        "--socket",
                        directory.resolve("pipe").toString(),
                        "add",
                        "1")
                .start();
        assertThat(ended(shell)).isEqualTo(new Ran(0, "<1>\n", ""));
        assertThat(place.daemons()).hasSize(1);
    }
}
