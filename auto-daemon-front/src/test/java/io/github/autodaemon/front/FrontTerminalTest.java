package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.autodaemon.front.Desk.Running;
import io.github.autodaemon.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On a terminal, which script(1) makes: what is typed here goes to it. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
        value = Build.class,
        names = {"COMMITTED", "SANITIZED"})
class FrontTerminalTest extends WithEachBuild {
    private static final int RAW = 1;
    private static final int NO_ECHO = 2;

    /** A shell on a terminal of its own; $front is the command. */
    private Running terminal(String shell, String text) throws Exception {
        String script = Tools.need("script").toString();
        Files.writeString(desk.path("commands"), "stty cols 80 rows 24\ntty >tty\n" + text);
        ProcessBuilder builder =
                desk.process(List.of(script, "-qefc", "exec " + shell + " " + desk.path("commands"), "/dev/null"));
        Map<String, String> env = builder.environment();
        env.put("front", String.join(" ", desk.front()) + " x");
        env.put("SHELL", "/bin/sh");
        // script(1) itself takes SIGQUIT as a JVM's children have it; what runs on its terminal must not.
        return new Running(Desk.unblocked(builder).start());
    }

    private String stty(String... args) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "stty", "-F", Files.readString(desk.path("tty")).trim());
        builder.command().addAll(List.of(args));
        Process stty = builder.start();
        String shown = new String(stty.getInputStream().readAllBytes(), UTF_8);
        assertThat(stty.waitFor()).isZero();
        return shown;
    }

    private static void say(Running running, FakeDaemon.Front front, String word) throws Exception {
        front.send(FakeDaemon.piece(FakeDaemon.STDOUT, word.getBytes(UTF_8)));
        running.awaitOut(word);
    }

    private static byte[] mode(int mode) {
        return FakeDaemon.piece(FakeDaemon.TERMINAL, (byte) mode);
    }

    /** After the front has done what came before. */
    private static void settle(Running running, FakeDaemon.Front front) throws Exception {
        say(running, front, "settled" + front.hashCode() + System.nanoTime());
    }

    @Test
    void whatItIsTold() throws Exception {
        Running running = terminal("sh", "$front\n$front 2>/dev/null | cat\n$front <&-\n");
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            JsonObject command = front.command();
            assertThat(command.get("tty")).hasToString("[1,1,1]");
            assertThat(command.get("size")).hasToString("[80,24]");
            front.accepted();
            front.exit(0);
        }
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            JsonObject command = front.command();
            assertThat(command.get("tty")).hasToString("[1,0,0]");
            assertThat(command.get("size")).hasToString("[80,24]");
            front.accepted();
            front.exit(0);
        }
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            assertThat(front.command().get("tty")).hasToString("[0,1,1]");
            front.accepted();
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    /** A shell that has the signal as well, and whose child dies by it, dies too: not if it had only an exit code. */
    @Test
    void controlC() throws Exception {
        Running running = terminal("bash", "$front\necho survived\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            say(running, front, "begun");
            running.type("\003");
            assertThat(front.piece().all()).isEqualTo("2 2");
            front.end(FakeDaemon.exit(0, 2, 0));
        }
        assertThat(running.code()).isEqualTo(130);
        assertThat(running.out()).doesNotContain("survived");
    }

    @ParameterizedTest
    @CsvSource({"3,2", "28,3"})
    void isToldOfKeys(int key, int signal) throws Exception {
        Running running = terminal("sh", "trap : INT QUIT\n$front\necho status=$?\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            say(running, front, "begun");
            running.type(String.valueOf((char) key));
            assertThat(front.piece().all()).isEqualTo("2 " + signal);
            front.end(FakeDaemon.exit(0, signal, 0));
        }
        running.awaitOut("status=" + (128 + signal));
        assertThat(running.code()).isZero();
    }

    @Test
    void aSecondControlC() throws Exception {
        Running running = terminal("sh", "trap : INT\n$front\necho status=$?\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            say(running, front, "begun");
            running.type("\003");
            assertThat(front.piece().all()).isEqualTo("2 2");
            running.type("\003");
            assertThat(front.piece()).isNull();
        }
        running.awaitOut("status=130");
    }

    @Test
    void controlZAndBack() throws Exception {
        ProcessBuilder builder = desk.process(
                List.of(Tools.need("script").toString(), "-qefc", "exec bash --norc --noprofile -i", "/dev/null"));
        builder.environment().put("PS1", "ready> ");
        builder.environment().put("front", String.join(" ", desk.front()) + " x");
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment().put("TERM", "dumb");
        Running shell = new Running(Desk.unblocked(builder).start());
        shell.awaitOut("ready> ");
        shell.type("tty >tty; stty cols 80 rows 24; $front\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            say(shell, front, "begun");
            front.send(mode(NO_ECHO));
            settle(shell, front);
            shell.type("\032");
            shell.awaitOut("Stopped");
            shell.type("echo in-between; stty -a | grep -o -e '-\\?echo ' | sed s/echo/back-again/\n");
            shell.awaitOut("\r\nin-between");
            shell.type("fg\n");
            // It goes on as it was, and has the size again.
            assertThat(front.piece().all()).isEqualTo("3 0 80 0 24");
            assertThat(stty("-a")).contains(" -echo ");
            front.send(FakeDaemon.read(100));
            shell.type("secret\n");
            assertThat(front.piece().text()).isEqualTo("secret\n");
            // In the background it leaves the terminal to the shell, and goes on.
            shell.type("\032");
            shell.awaitOut("Stopped", 2);
            shell.type("bg; echo behind\n");
            assertThat(front.piece().all()).isEqualTo("3 0 80 0 24");
            say(shell, front, "still here");
            assertThat(stty("-a")).doesNotContain(" -icanon -echo ");
            // A shell continues only what has stopped, so this one hears of nothing.
            shell.type("fg\n");
            front.exit(0);
        }
        shell.type("exit 0\n");
        assertThat(shell.code()).isZero();
        assertThat(shell.out()).contains("\r\nbehind").doesNotContain("secret");
    }

    @Test
    void aNewSize() throws Exception {
        Running running = terminal("sh", "$front\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            say(running, front, "begun");
            assertThat(stty("cols", "300")).isEmpty();
            assertThat(front.piece().all()).isEqualTo("3 1 44 0 24");
            assertThat(stty("rows", "7")).isEmpty();
            assertThat(front.piece().all()).isEqualTo("3 1 44 0 7");
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    @Test
    void rawAndBack() throws Exception {
        Running running = terminal("sh", "$front\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            settle(running, front);
            String before = stty("-g");
            front.send(mode(RAW), FakeDaemon.read(10));
            settle(running, front);
            assertThat(stty("-a")).contains("-icanon", "-isig", "-iexten", "-ixon", "-icrnl", " echo ", "opost");
            running.type("\003");
            assertThat(front.piece().all()).isEqualTo("1 3");
            front.send(mode(RAW | NO_ECHO));
            settle(running, front);
            assertThat(stty("-a")).contains("-icanon", " -echo ");
            front.send(mode(NO_ECHO));
            settle(running, front);
            assertThat(stty("-a")).contains("\nisig icanon iexten -echo ", " icrnl ixon ");
            front.send(mode(0));
            settle(running, front);
            assertThat(stty("-g")).isEqualTo(before);
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    private interface End {
        void make(Running running, FakeDaemon.Front front, long pid) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "signal", "second", "lost", "kill", "pipe"})
    void whateverEndsItTheTerminalIsAsBefore(String how) throws Exception {
        Map<String, End> ends = Map.of(
                "exit", (running, front, pid) -> front.exit(0),
                "signal", (running, front, pid) -> front.end(FakeDaemon.exit(0, 15, 0)),
                "second",
                        (running, front, pid) -> {
                            Processes.signal(pid, "TERM");
                            assertThat(front.piece().all()).isEqualTo("2 15");
                            Processes.signal(pid, "HUP");
                            assertThat(front.piece()).isNull();
                        },
                "lost", (running, front, pid) -> front.close(),
                "kill", (running, front, pid) -> Processes.kill(pid),
                "pipe", (running, front, pid) -> Processes.signal(pid, "PIPE"));
        Running running = terminal("sh", "$front\necho status=$?\nread answer\necho \"<$answer>\"\n");
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            long pid = front.command().get("pid").getAsLong();
            front.accepted();
            settle(running, front);
            String before = stty("-g");
            front.send(mode(RAW | NO_ECHO));
            settle(running, front);
            assertThat(stty("-g")).isNotEqualTo(before);
            ends.get(how).make(running, front, pid);
            running.awaitOut("status=");
            while (!stty("-g").equals(before)) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        awaitNobody();
        running.type("answer\n");
        assertThat(running.code()).isZero();
        assertThat(running.out()).contains("<answer>");
    }

    /** The watcher goes, too. */
    private void awaitNobody() throws IOException, InterruptedException {
        String front = desk.front().get(0);
        while (desk.processes().stream()
                .anyMatch(process -> Processes.commandLine(process.pid()).startsWith(front))) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void theWatcherHoldsNothingElse() throws Exception {
        Running running = terminal("sh", "exec 8</dev/null\n$front | cat\n");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(mode(NO_ECHO));
            settle(running, front);
            List<ProcessHandle> fronts = desk.processes().stream()
                    .filter(process -> Processes.commandLine(process.pid()).startsWith(front()))
                    .toList();
            assertThat(fronts).hasSize(2);
            long watcher = fronts.get(0).pid() > fronts.get(1).pid()
                    ? fronts.get(0).pid()
                    : fronts.get(1).pid();
            // It closes the others as it begins.
            while (!descriptors(watcher).equals(Set.of("0", "1"))) {
                LockSupport.parkNanos(1_000_000);
            }
            // It is deaf, and out of the way of what is sent to the group.
            Processes.signal(watcher, "INT");
            Processes.signal(watcher, "TERM");
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        awaitNobody();
    }

    private static Set<String> descriptors(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private String front() {
        try {
            return build.file().toString();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
