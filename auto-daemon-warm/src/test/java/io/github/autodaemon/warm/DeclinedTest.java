package io.github.autodaemon.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.warm.WarmScene.Ran;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a daemon cannot do as a process of its own would runs in one, and the next daemon is the right one. */
@Timeout(240)
class DeclinedTest {
    @RegisterExtension
    final WarmScene scene = new WarmScene();

    private static final Ran COLD = new Ran(125, "COLD\n", "");

    private String why() {
        return Knowledge.of(scene.state()).lastCold().orElse("");
    }

    /** The first is cold, and starts the daemon of the next when it has ended. */
    @Test
    void theScriptStartsTheDaemon() throws Exception {
        scene.tool();
        Ran first = scene.run(scene.command(true, "pid"), "");
        assertThat(first.out()).endsWith(" 1\n");
        while (!Files.exists(scene.stamp(scene.work()))) {
            Thread.sleep(5);
        }
        String daemon = Long.toString(scene.daemon());
        assertThat(scene.run(scene.command(true, "pid"), "").out()).isEqualTo(daemon + " 1\n");
        // By a link, from a shell that knows another path of the directory.
        Path link = Files.createSymbolicLink(scene.directory().resolve("link"), scene.script());
        Ran linked = scene.run(scene.process(List.of(link.toString(), "pid")), "");
        assertThat(linked.out()).isEqualTo(daemon + " 2\n");
        assertThat(why()).contains("no daemon ran for this directory and environment");
        for (String setting : List.of("CI=true", "AUTODAEMON_FRONT=off", "JDK_JAVA_OPTIONS=-Dx=y")) {
            ProcessBuilder cold = scene.command(true, "pid");
            cold.environment().put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
            assertThat(scene.run(cold, "").out())
                    .as(setting)
                    .doesNotStartWith(daemon)
                    .endsWith(" 1\n");
        }
        assertThat(scene.daemons()).hasSize(1);
    }

    @Test
    void manyAtOnceStartOneDaemon() throws Exception {
        scene.tool();
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(scene.command(true, "exit", "3").start());
        }
        for (Process one : all) {
            assertThat(one.waitFor()).isEqualTo(3);
        }
        while (!Files.exists(scene.stamp(scene.work()))) {
            Thread.sleep(5);
        }
        assertThat(scene.daemons()).hasSize(1);
        assertThat(scene.warm("", "exit", "3").code()).isEqualTo(3);
    }

    @Test
    void anotherDirectoryHasItsOwnDaemon() throws Exception {
        scene.tool().start();
        Path other = Files.createDirectory(scene.directory().resolve("other"));
        // With the stamp of the wrong one.
        assertThat(scene.run(scene.front("pid").directory(other.toFile()), "")).isEqualTo(COLD);
        assertThat(why()).contains(other + "\n").contains("the daemon's directory is " + scene.work());
        scene.start(scene.command(true).directory(other.toFile()));
        assertThat(scene.daemons()).hasSize(2);
        Ran there = scene.run(scene.command(true, "file", "f").directory(other.toFile()), "");
        assertThat(there).isEqualTo(new Ran(0, "", ""));
        assertThat(other.resolve("f")).hasContent("written");
        assertThat(scene.work().resolve("f")).doesNotExist();
    }

    /** The tool may have kept the value that it has read. */
    @Test
    void anotherValueOfAVariableThatTheToolHasReadNeedsAnotherDaemon() throws Exception {
        scene.tool().start();
        ProcessBuilder one = scene.front("variable", "PLAY");
        one.environment().put("PLAY", "one");
        assertThat(scene.run(one, "").out()).isEqualTo("one\n");
        assertThat(scene.run(one, "").out()).isEqualTo("one\n");
        ProcessBuilder two = scene.front("variable", "PLAY");
        two.environment().put("PLAY", "two");
        two.environment().put("UNREAD", "x");
        assertThat(scene.run(two, "")).isEqualTo(COLD);
        assertThat(why()).contains("the tool has read the variable PLAY in this daemon");
        ProcessBuilder start = scene.command(true);
        start.environment().put("PLAY", "two");
        scene.start(start);
        assertThat(scene.daemons()).hasSize(2);
        assertThat(scene.run(two, "").out()).isEqualTo("two\n");
    }

    @Test
    void localeZoneHomePathAndUmaskAreTheDaemons() throws Exception {
        scene.tool();
        scene.start(scene.process(List.of("sh", "-c", "umask 022; exec " + scene.script())));
        String front = String.join(" ", scene.front("pid").command());
        for (String setting :
                List.of("LANG=de_DE.UTF-8", "LC_NUMERIC=C", "TZ=Pacific/Apia", "HOME=/", "PATH=/usr/bin:/bin:/x")) {
            ProcessBuilder other = scene.process(List.of("sh", "-c", "umask 022; exec " + front));
            other.environment().put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
            assertThat(scene.run(other, "").out()).as(setting).isEqualTo("COLD\n");
        }
        assertThat(scene.run(scene.process(List.of("sh", "-c", "umask 027; exec " + front)), ""))
                .isEqualTo(COLD);
        assertThat(scene.run(scene.process(List.of("sh", "-c", "umask 022; exec " + front)), "")
                        .out())
                .endsWith(" 1\n");
    }

    @Test
    void whileOneRunsTheOthersAreCold() throws Exception {
        scene.tool().start();
        Process busy = scene.front("gate").start();
        scene.awaitFile("waits");
        assertThat(scene.warm("", "pid")).isEqualTo(COLD);
        assertThat(why()).contains("another command runs in the daemon");
        Files.createFile(scene.work().resolve("go"));
        try (BufferedReader lines = busy.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("went");
        }
        assertThat(busy.waitFor()).isZero();
        assertThat(scene.warm("", "pid").out()).endsWith(" 1\n");
    }

    @Test
    void anotherJarNeedsAnotherDaemon() throws Exception {
        scene.tool().start();
        long daemon = scene.daemon();
        Files.setLastModifiedTime(scene.jar(), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(scene.warm("", "pid")).isEqualTo(COLD);
        assertThat(scene.run(scene.command(true, "pid"), "").out())
                .doesNotStartWith(daemon + " ")
                .endsWith(" 1\n");
        Processes.awaitEnd(daemon);
        while (scene.warm("", "exit", "0").code() != 0) {
            Thread.sleep(5);
        }
        assertThat(scene.warm("", "pid").out()).isEqualTo(scene.daemon() + " 1\n");
        assertThat(why()).contains("the tool, its JVM or a variable of JVMs is not as when the daemon was started");
    }

    /** The work does not go on, the hooks run, and what is left of it is not there for the next command. */
    @Test
    void anInterruptEndsTheCommandAndTheDaemon() throws Exception {
        scene.tool().start();
        long daemon = scene.daemon();
        Process waits = scene.front("wait").start();
        scene.awaitFile("waits");
        Processes.signal(waits.pid(), "INT");
        assertThat(waits.waitFor()).isEqualTo(130);
        scene.awaitFile("hooked");
        Processes.awaitEnd(daemon);
        scene.start();
        assertThat(scene.warm("", "pid").out()).endsWith(" 1\n");
    }

    /** A JVM shows its threads, and goes on. */
    @Test
    void quitShowsTheThreads() throws Exception {
        scene.tool().start();
        Process busy = scene.front("gate").start();
        scene.awaitFile("waits");
        Processes.signal(busy.pid(), "QUIT");
        try (BufferedReader lines = busy.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("Full thread dump:");
            String line = lines.readLine();
            while (line != null && !line.contains("Play.main")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            Files.createFile(scene.work().resolve("go"));
            assertThat(lines.lines()).contains("went");
        }
        assertThat(busy.waitFor()).isZero();
    }

    @Test
    void aKilledCallerEndsTheCommandAndTheDaemon() throws Exception {
        scene.tool().start();
        long daemon = scene.daemon();
        Process waits = scene.front("wait").start();
        scene.awaitFile("waits");
        Processes.kill(waits.pid());
        scene.awaitFile("hooked");
        Processes.awaitEnd(daemon);
    }

    @Test
    void aKilledDaemonIsNoSuccessAndRunsNothingTwice() throws Exception {
        scene.tool().start();
        Process waits = scene.front("wait").start();
        scene.awaitFile("waits");
        Processes.kill(scene.daemon());
        assertThat(waits.waitFor()).isEqualTo(125);
        assertThat(scene.run(scene.command(true, "exit", "3"), "").code()).isEqualTo(3);
    }

    @Test
    void whatReadsOnlyTheFirstLine() throws Exception {
        scene.tool().start();
        for (boolean warm : List.of(false, true)) {
            String command = String.join(" ", scene.command(warm, "much").command());
            ProcessBuilder shell =
                    scene.process(List.of("bash", "-c", command + " | head -c 1 | wc -c; echo ${PIPESTATUS[0]}"));
            if (!warm) {
                shell.environment().put("AUTODAEMON_FRONT", "off");
            }
            assertThat(scene.run(shell, "")).isEqualTo(new Ran(0, "1\n0\n", ""));
        }
        assertThat(scene.warm("", "pid").out()).endsWith(" 1\n");
    }

    /** Input that it does not read is left for the next. */
    @Test
    void aLoopThatReadsKeepsItsInput() throws Exception {
        scene.tool().start();
        String front = String.join(" ", scene.front("args").command());
        ProcessBuilder shell = scene.process(List.of("sh", "-c", "while read -r x; do " + front + " \"$x\"; done"));
        assertThat(scene.run(shell, "a\nb\nc\n").out()).isEqualTo("<args>\n<a>\n<args>\n<b>\n<args>\n<c>\n");
    }

    @Test
    void aThreadThatGoesOnMakesTheDaemonLeave() throws Exception {
        scene.tool().start();
        assertThat(scene.warm("", "thread")).isEqualTo(new Ran(0, "", ""));
        scene.awaitNoDaemon();
        assertThat(scene.run(scene.command(true, "exit", "3"), "").code()).isEqualTo(3);
    }

    /** Its output is in the daemon's log. */
    @ParameterizedTest
    @ValueSource(strings = {"inherit", "descriptor"})
    void aToolThatUsesTheDescriptorsOfItsProcessIsColdFromThenOn(String word) throws Exception {
        scene.tool().start();
        Ran first = scene.warm("", word);
        assertThat(first.code()).isEqualTo(125);
        assertThat(first.err())
                .contains("cold: the tool, or a process that it starts, uses the descriptors of its process itself")
                .endsWith("from now on the tool runs cold\n");
        assertThat(scene.warm("", word)).isEqualTo(COLD);
        assertThat(why()).contains("uses the descriptors of its process itself");
        assertThat(Knowledge.of(scene.state()).learnt()).contains(Knowledge.BYPASSES);
    }

    @Test
    void atATerminalAToolThatLooksAtTheConsoleIsCold() throws Exception {
        scene.tool().start();
        assertThat(scene.warm("", "console").out()).isEqualTo("false\n");
        String front = String.join(" ", scene.front("pid").command());
        Ran terminal = scene.run(scene.process(List.of("script", "-qec", front, "/dev/null")), "");
        assertThat(terminal.out()).isEqualTo("COLD\r\n");
        assertThat(why()).contains("the tool looks at the console");
    }

    @Test
    void atMostThreeDaemonsOfATool() throws Exception {
        scene.tool();
        List<Path> directories = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path other = Files.createDirectory(scene.directory().resolve("d" + i));
            directories.add(other);
            scene.start(scene.command(true).directory(other.toFile()));
            if (i == 2) {
                // Now the second one was used longest ago.
                assertThat(scene.run(
                                        scene.command(true, "pid")
                                                .directory(directories.get(0).toFile()),
                                        "")
                                .code())
                        .isZero();
            }
        }
        List<String> served = scene.daemons().stream()
                .map(daemon -> directory(daemon.pid()))
                .sorted()
                .toList();
        assertThat(served)
                .containsExactly(
                        directories.get(0).toString(),
                        directories.get(2).toString(),
                        directories.get(3).toString());
    }

    private static String directory(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).toString();
        } catch (java.io.IOException e) {
            return "";
        }
    }
}
