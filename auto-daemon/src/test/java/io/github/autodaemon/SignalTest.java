package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabCommand;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that are meant for a client do not reach its daemon, or do it no harm: also where there is no setsid(1). */
@Timeout(120)
class SignalTest {
    private static final String WITHOUT_SETSID = "-Dio.github.autodaemon.setsid=";
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private static final int HUP = 1;
    private static final int INT = 2;
    private static final int QUIT = 3;
    private static final int TERM = 15;
    private static final int TSTP = 20;

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /**
     * A client in a session of its own; with false, one that finds no setsid for its daemon. A build in the background
     * was started with signals ignored, which a shell hands on and env(1) undoes.
     */
    private static String java(boolean setsid) {
        return "java=$1; shift; exec env --default-signal=HUP,INT,QUIT setsid \"$java\" "
                + (setsid ? "" : WITHOUT_SETSID) + " \"$@\"";
    }

    private static long pid(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        assertThat(line).startsWith("pid ");
        return Long.parseLong(line.substring("pid ".length()).strip());
    }

    private static List<String> stat(long pid) throws IOException {
        return List.of(Files.readString(Path.of("/proc/" + pid + "/stat"))
                .replaceAll("(?s).*\\) ", "")
                .split(" ", -1));
    }

    private static String group(long pid) throws IOException {
        return stat(pid).get(2);
    }

    private static String session(long pid) throws IOException {
        return stat(pid).get(3);
    }

    /** Whether a field of {@code /proc/PID/status}, a set of signals, has this one. */
    private static boolean has(long pid, String field, int signal) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(one -> one.startsWith(field + ":"))
                .findFirst()
                .orElseThrow();
        return new BigInteger(line.substring(field.length() + 1).strip(), 16).testBit(signal - 1);
    }

    private static void kill(String signal, String target) throws Exception {
        Process kill = new ProcessBuilder("kill", "-s", signal, "--", target)
                .redirectErrorStream(true)
                .start();
        assertThat(Scratch.output(kill)).isEmpty();
        assertThat(kill.waitFor()).isZero();
    }

    private void assertServes(long pid) {
        try (Connection<Lab> connection =
                scratch.lab().build().connectIfRunning().orElseThrow()) {
            assertThat(connection.rpc().pid()).isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, INT", "true, HUP", "true, KILL", "false, INT", "false, HUP"})
    void aSignalToTheGroupOfTheClient(boolean setsid, String signal) throws Exception {
        Process client = scratch.client(java(setsid), "hold");
        try (BufferedReader reader = client.inputReader()) {
            long daemon = pid(reader);
            assertThat(group(client.pid())).isEqualTo(Long.toString(client.pid()));
            assertThat(group(daemon)).isEqualTo(Long.toString(setsid ? daemon : client.pid()));
            assertThat(session(daemon)).isEqualTo(Long.toString(setsid ? daemon : client.pid()));
            for (int ignored : List.of(HUP, INT, TSTP)) {
                assertThat(has(daemon, "SigIgn", ignored))
                        .as("ignores %d", ignored)
                        .isTrue();
            }
            for (int caught : List.of(QUIT, TERM)) {
                assertThat(has(daemon, "SigCgt", caught))
                        .as("catches %d", caught)
                        .isTrue();
            }
            kill(signal, "-" + client.pid());
            client.waitFor();
            assertServes(daemon);
        } finally {
            client.destroyForcibly().waitFor();
        }
    }

    /** Ctrl-C on a real terminal, and then the terminal is gone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ctrlCAtATerminal(boolean setsid) throws Exception {
        Process terminal = terminal(setsid);
        try (BufferedReader reader = terminal.inputReader()) {
            long daemon = pid(reader);
            terminal.getOutputStream().write(3);
            terminal.getOutputStream().flush();
            terminal.waitFor();
            assertServes(daemon);
        } finally {
            terminal.destroyForcibly().waitFor();
        }
    }

    /** The window is closed: the kernel hangs up on the session. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTerminalIsClosed(boolean setsid) throws Exception {
        Process terminal = terminal(setsid);
        try (BufferedReader reader = terminal.inputReader()) {
            long daemon = pid(reader);
            List<ProcessHandle> clients = terminal.descendants()
                    .filter(process -> process.pid() != daemon)
                    .toList();
            assertThat(clients).isNotEmpty();
            terminal.destroyForcibly().waitFor();
            for (ProcessHandle client : clients) {
                Processes.awaitEnd(client);
            }
            assertServes(daemon);
        } finally {
            terminal.destroyForcibly().waitFor();
        }
    }

    private Process terminal(boolean setsid) throws IOException {
        if (!Files.isExecutable(SCRIPT)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need script(1)");
            }
            abort("there is no script(1) to make a terminal with");
        }
        Path command = scratch.directory().resolve("client.sh");
        Files.writeString(
                command,
                "exec env --default-signal=HUP,INT,QUIT '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' "
                        + (setsid ? "" : WITHOUT_SETSID) + " -cp '" + System.getProperty("java.class.path") + "' "
                        + LabCommand.class.getName() + " " + scratch.socket() + " hold\n");
        return new ProcessBuilder(SCRIPT.toString(), "-qefc", "exec sh " + command, "/dev/null").start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aThreadDumpGoesToTheLog(boolean setsid) throws Exception {
        Process client = scratch.client(java(setsid), "hold");
        try (BufferedReader reader = client.inputReader()) {
            long daemon = pid(reader);
            kill("QUIT", Long.toString(daemon));
            Path log = scratch.directory().resolve("s.log");
            while (!Files.readString(log, StandardCharsets.UTF_8).contains("JNI global ref")) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(Files.readString(log)).contains("Full thread dump");
            assertServes(daemon);
        } finally {
            client.destroyForcibly().waitFor();
        }
    }

    /** It is in nobody's way: SIGTERM ends it in an orderly way, with and without a session of its own. */
    @Test
    void aTerminationEndsADaemonWithoutASessionOfItsOwn() throws Exception {
        String out = Scratch.output(scratch.client(java(false), "show"));
        ProcessHandle daemon = ProcessHandle.of(
                        Long.parseLong(out.substring("pid ".length()).strip()))
                .orElseThrow();
        kill("TERM", Long.toString(daemon.pid()));
        Processes.awaitEnd(daemon);
        assertThat(scratch.socket()).doesNotExist();
    }
}
