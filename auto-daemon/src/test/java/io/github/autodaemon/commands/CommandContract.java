package io.github.autodaemon.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a command does, whoever calls it: the same output, the same exit code, the same signals. */
@Timeout(120)
abstract class CommandContract {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @RegisterExtension
    final Scratch scratch = new Scratch();

    record Ran(int code, String out, String err) {}

    /** The words of a command that the arguments follow. */
    abstract List<String> caller() throws IOException;

    /** True if the caller is a JVM, which keeps some signals for itself. */
    abstract boolean isJvm();

    @BeforeEach
    void startTheDaemon() throws Exception {
        try (var connection = PlayProgram.at(scratch.socket()).connect()) {
            assertThat(connection.isOpen()).isTrue();
        }
    }

    /** The words of the JVM client. */
    final List<String> jvm() {
        return List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dplay.socket=" + scratch.socket(),
                "-cp",
                System.getProperty("java.class.path"),
                PlayProgram.class.getName());
    }

    /** Starts a script of bash, in which {@code "$@"} is the command without its arguments. */
    final Process start(String script) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", script, "sh"));
        command.addAll(caller());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(scratch.directory().toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().keySet().removeIf(name -> name.startsWith("AUTODAEMON"));
        return builder.start();
    }

    final Ran run(String script, byte... input) throws Exception {
        Process process = start(script);
        Scratch.inThread(() -> {
            try (var to = process.getOutputStream()) {
                to.write(input);
            } catch (IOException e) {
                // It reads no more.
                assertThat(e).isNotNull();
            }
        });
        List<String> err = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try {
                err.add(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                err.add(e.toString());
            }
        });
        reader.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        reader.join();
        return new Ran(process.waitFor(), out, err.get(0));
    }

    /** Starts a command that says that it waits, and waits for that. */
    final Process waiting(String arguments) throws IOException {
        Process process = start("exec \"$@\" " + arguments);
        assertThat(line(process)).isEqualTo("waiting");
        return process;
    }

    @SuppressWarnings("StreamResourceLeak")
    static String line(Process process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = process.getInputStream().read();
                b >= 0 && b != '\n';
                b = process.getInputStream().read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    final long daemon() {
        return scratch.daemons().get(0).pid();
    }

    private static String sum(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void outputsAndExitCodes() throws Exception {
        assertThat(run("\"$@\" both")).isEqualTo(new Ran(0, "one\nthree\n", "two\n"));
        assertThat(run("\"$@\" both 2>&1")).isEqualTo(new Ran(0, "one\ntwo\nthree\n", ""));
        assertThat(run("\"$@\" exit 7")).isEqualTo(new Ran(7, "", ""));
        assertThat(run("\"$@\" exit 255").code()).isEqualTo(255);
        assertThat(run("\"$@\" exit 256").code()).isZero();
        assertThat(run("\"$@\" what").code()).isEqualTo(2);
        assertThat(run("\"$@\"").err()).endsWith(": there is no command \"\"\n");
    }

    @Test
    void anExceptionIsALine() throws Exception {
        Ran ran = run("\"$@\" throw");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).hasLineCount(1).endsWith(": java.lang.IllegalStateException: it went wrong\n");
        assertThat(scratch.directory().resolve("s.log")).content().contains("PlayProgram.run(");
        assertThat(run("AUTODAEMON_STACKS=1 \"$@\" throw").err()).contains("\tat " + PlayProgram.class.getName());
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        assertThat(run("\"$@\" echo 'a b' '' '\"\\' $'tab\\there' $'two\\nlines' 'Übung €𝄞'"))
                .isEqualTo(new Ran(0, "a b\n\n\"\\\ntab\there\ntwo\nlines\nÜbung €𝄞", ""));
        Ran ran = run("a=$(printf '%0131000d' 0); \"$@\" echo \"$a\" | wc -c");
        assertThat(ran).isEqualTo(new Ran(0, "131000\n", ""));
    }

    @Test
    void directoryAndEnvironmentAreTheCallers() throws Exception {
        Path real = scratch.directory().toRealPath();
        assertThat(run("\"$@\" directory").out()).isEqualTo(real + " " + real.resolveSibling("x") + "\n");
        assertThat(run("mkdir d && cd d && \"$@\" directory").out())
                .isEqualTo(real.resolve("d") + " " + real.resolve("x") + "\n");
        assertThat(run("A='x \"y\" ü' \"$@\" environment A").out()).isEqualTo("x \"y\" ü\n");
        assertThat(run("\"$@\" environment NOT_SET_AT_ALL").out()).isEqualTo("null\n");
    }

    @Test
    void bytesPassUnchanged() throws Exception {
        byte[] all = new byte[300_007];
        new Random(5).nextBytes(all);
        Files.write(scratch.directory().resolve("in"), all);
        assertThat(run("\"$@\" cat <in >out; cat in | \"$@\" cat >out2")).isEqualTo(new Ran(0, "", ""));
        assertThat(Files.readAllBytes(scratch.directory().resolve("out"))).isEqualTo(all);
        assertThat(Files.readAllBytes(scratch.directory().resolve("out2"))).isEqualTo(all);
    }

    @Test
    void muchPasses() throws Exception {
        Ran ran =
                run("\"$@\" bytes 50000000 | tee >(sha256sum | cut -c-64 >first) | \"$@\" cat | sha256sum | cut -c-64;"
                        + " while ! [ -s first ]; do :; done; cat first");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines()).hasSize(2);
        assertThat(ran.out().lines().distinct()).hasSize(1).doesNotContain(sum(new byte[0]));
    }

    @Test
    void whatIsNotReadIsLeft() throws Exception {
        Files.writeString(scratch.directory().resolve("in"), "abc\ndef\nghi\n");
        assertThat(run("{ \"$@\" exit 0; cat; } <in").out()).isEqualTo("abc\ndef\nghi\n");
        assertThat(run("{ \"$@\" read 3; cat; } <in").out()).isEqualTo("abc\n\ndef\nghi\n");
        // A reader that reads ahead gives back to a file what it did not use, but no pipe takes anything back.
        assertThat(run("while read x; do \"$@\" exit 0; echo \"<$x>\"; done <in")
                        .out())
                .isEqualTo("<abc>\n<def>\n<ghi>\n");
        assertThat(run("cat in | while read x; do \"$@\" exit 0; echo \"<$x>\"; done")
                        .out())
                .isEqualTo("<abc>\n<def>\n<ghi>\n");
    }

    @Test
    void aReaderThatGoesEndsTheCommand() throws Exception {
        Ran ran = run("{ \"$@\" bytes 2000000000; echo \"code $?\" >&2; } | head -c 10 | wc -c");
        assertThat(ran).isEqualTo(new Ran(0, "10\n", "code 141\n"));
    }

    @Test
    void outputThatCannotBeWrittenIsAnError() throws Exception {
        Ran full = run("\"$@\" both >/dev/full");
        assertThat(full.code()).isEqualTo(1);
        assertThat(full.err())
                .startsWith("two\n")
                .endsWith(": cannot write to standard output: No space left on device\n");
        assertThat(run("\"$@\" exit 3 >/dev/full")).isEqualTo(new Ran(3, "", ""));
        assertThat(run("\"$@\" both 2>&-")).isEqualTo(new Ran(0, "one\nthree\n", ""));
        assertThat(run("\"$@\" both >&-").code()).isEqualTo(1);
    }

    @Test
    void aSignalCancelsAndEndsTheCallerInTheSameWay() throws Exception {
        for (var signal : List.of("INT 130", "TERM 143", "HUP 129", "QUIT 131")) {
            String name = signal.split(" ", -1)[0];
            if (isJvm() && name.equals("QUIT")) {
                continue;
            }
            Process process = waiting("wait by-" + name);
            Processes.signal(process.pid(), name);
            Scratch.awaitText(scratch.directory().resolve("by-" + name), "cancelled true");
            assertThat(process.waitFor()).isEqualTo(Integer.parseInt(signal.split(" ", -1)[1]));
            assertThat(process.getErrorStream().readAllBytes()).isEmpty();
        }
        assertThat(run("\"$@\" add 1").out()).isEqualTo("1\n");
    }

    @Test
    void whatIsIgnoredStaysIgnored() throws Exception {
        Process process = start("trap '' INT HUP; exec \"$@\" wait by");
        assertThat(line(process)).isEqualTo("waiting");
        Processes.signal(process.pid(), "INT");
        Processes.signal(process.pid(), "HUP");
        Processes.signal(process.pid(), "TERM");
        assertThat(process.waitFor()).isEqualTo(143);
    }

    @Test
    void aProgramMayHandleASignal() throws Exception {
        Process process = waiting("handle");
        Processes.signal(process.pid(), "INT");
        assertThat(line(process)).isEqualTo("got it");
        Processes.signal(process.pid(), "INT");
        String rest = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(rest.lines()).containsExactlyInAnyOrder("got it", "twice");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aSecondSignalEndsTheCallerAtOnce() throws Exception {
        Process process = waiting("hang end");
        Processes.signal(process.pid(), "INT");
        Processes.signal(process.pid(), "INT");
        assertThat(process.waitFor()).isEqualTo(130);
        Files.createFile(scratch.directory().resolve("end"));
        assertThat(run("\"$@\" add 1").out()).isEqualTo("1\n");
    }

    @Test
    void aCommandThatDoesNotEndIsNotWaitedForAndItsDaemonLeaves() throws Exception {
        long stuck = daemon();
        Process process = waiting("hang never");
        Processes.signal(process.pid(), "TERM");
        assertThat(process.waitFor()).isEqualTo(143);
        Processes.awaitEnd(stuck);
        assertThat(scratch.directory().resolve("s.log")).content().contains("does not end, though it was cancelled");
    }

    @Test
    void aCallerThatIsKilledCancelsTheCommand() throws Exception {
        Process process = waiting("wait gone");
        Processes.kill(process.pid());
        Scratch.awaitText(scratch.directory().resolve("gone"), "cancelled true");
        assertThat(run("\"$@\" add 1").out()).isEqualTo("1\n");
    }

    @Test
    void aLostDaemonIsNoSecondRun() throws Exception {
        Process process = waiting("wait never");
        Processes.kill(daemon());
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(125);
        assertThat(err).hasLineCount(1).endsWith(": the connection to the daemon was lost; the command may have run\n");
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void manyAtOnce() throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < (isJvm() ? 10 : 100); i++) {
            all.add(start("exec \"$@\" add 1"));
        }
        List<String> sums = new ArrayList<>();
        for (Process process : all) {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                sums.add(out.readLine());
            }
            assertThat(process.waitFor()).isZero();
        }
        assertThat(sums)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, all.size())
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(scratch.daemons()).hasSize(1);
    }

    /** A script of bash on a terminal of its own, as {@link #start}. */
    private Process onTerminal(String script) throws IOException {
        if (!Files.isExecutable(Path.of("/usr/bin/script"))) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need script(1)");
            }
            abort("there is no script(1) to make a terminal with");
        }
        Path file = Files.writeString(
                scratch.directory().resolve("on-terminal"), "stty cols 80 rows 24 || exit\n" + script + "\n");
        List<String> words = caller();
        StringBuilder command = new StringBuilder("exec bash " + file);
        words.forEach(word -> command.append(" '").append(word).append('\''));
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/script", "-qefc", command.toString(), "/dev/null")
                .directory(scratch.directory().toFile())
                .redirectErrorStream(true);
        builder.environment().put("TERM", "vt100");
        builder.environment().keySet().removeIf(name -> name.startsWith("AUTODAEMON"));
        return builder.start();
    }

    private static void type(Process terminal, String keys) throws IOException {
        terminal.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        terminal.getOutputStream().flush();
    }

    private static void awaitLine(Process terminal, String wanted) throws IOException {
        String line = line(terminal);
        while (!line.strip().endsWith(wanted)) {
            assertThat(terminal.isAlive() || !line.isEmpty())
                    .as("the end, without " + wanted)
                    .isTrue();
            line = line(terminal);
        }
    }

    @Test
    void aTerminalIsKnown() throws Exception {
        Process terminal = onTerminal("\"$@\" terminal; \"$@\" terminal >f 2>&1 </dev/null; cat f");
        assertThat(line(terminal)).isEqualTo("true true true 80x24 vt100\r");
        assertThat(line(terminal)).startsWith("false false false ");
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void rawModeIsUndone() throws Exception {
        String look = "stty -a | grep -o -- '-\\?icanon\\|-\\?isig\\| -\\?echo ' | tr -d '\\n '; echo";
        Process terminal = onTerminal(look + "; \"$@\" key; " + look);
        String before = line(terminal);
        assertThat(before).startsWith("isigicanonecho");
        awaitLine(terminal, "press");
        type(terminal, "x");
        awaitLine(terminal, "key 120");
        assertThat(line(terminal)).isEqualTo(before);
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void aKilledCallerLeavesNoRawTerminal() throws Exception {
        Process terminal = onTerminal("sh -c 'echo \"pid $$\"; exec \"$@\" key' sh \"$@\";"
                + " until stty -a | grep -q ' icanon'; do :; done; echo restored");
        String pid = line(terminal).strip();
        awaitLine(terminal, "press");
        Processes.kill(Long.parseLong(pid.substring("pid ".length())));
        awaitLine(terminal, "restored");
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void aDaemonThatDiesLeavesNoRawTerminal() throws Exception {
        Process terminal = onTerminal("\"$@\" key; echo \"code $?\"; stty -a | grep -q ' icanon' && echo restored");
        awaitLine(terminal, "press");
        Processes.kill(daemon());
        awaitLine(terminal, "code 125");
        awaitLine(terminal, "restored");
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void controlCReachesTheCommand() throws Exception {
        Process terminal = onTerminal("trap : INT; \"$@\" wait by; echo \"code $?\"");
        awaitLine(terminal, "waiting");
        type(terminal, "\003");
        awaitLine(terminal, "code 130");
        Scratch.awaitText(scratch.directory().resolve("by"), "cancelled true");
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void aNewSizeReachesTheCommand() throws Exception {
        Process terminal = onTerminal("tty; \"$@\" resize");
        String device = line(terminal).strip();
        awaitLine(terminal, "waiting");
        assertThat(new ProcessBuilder("stty", "-F", device, "cols", "132")
                        .start()
                        .waitFor())
                .isZero();
        awaitLine(terminal, "132");
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void aToolOfTheJdk() throws Exception {
        assertThat(run("\"$@\" jar --version").out()).startsWith("jar ");
    }

    @Test
    void stopLetsACommandEnd() throws Exception {
        long before = daemon();
        Process process = waiting("hang end");
        Process stop = start("exec \"$@\" close");
        assertThat(stop.waitFor()).isZero();
        assertThat(process.isAlive()).isTrue();
        Files.createFile(scratch.directory().resolve("end"));
        assertThat(process.waitFor()).isZero();
        Processes.awaitEnd(before);
    }
}
