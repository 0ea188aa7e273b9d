package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.rpc.Version;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabCommand;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How daemons begin, among processes. */
@Timeout(120)
class BirthTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private Path gate() {
        return scratch.directory().resolve("gate");
    }

    private String slow() {
        return "jvm=-Dlab.constructorWaitsFor=" + gate();
    }

    private Process start(String... words) throws Exception {
        return scratch.command(words).start();
    }

    private static String outputOf(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.strip();
    }

    private void everyoneIsServedByOne(int clients) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            processes.add(start("add", "1"));
        }
        List<String> answers = new ArrayList<>();
        for (Process process : processes) {
            answers.add(outputOf(process));
        }
        assertThat(answers)
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, clients)
                        .mapToObj(Long::toString)
                        .toList());
        assertThat(scratch.daemons()).hasSize(1);
    }

    @Test
    void manyColdProcesses() throws Exception {
        everyoneIsServedByOne(12);
    }

    @Test
    void manyProcessesOverAStaleSocket() throws Exception {
        assertThat(outputOf(start("add", "1"))).isEqualTo("1");
        ProcessHandle daemon = scratch.daemons().get(0);
        daemon.destroyForcibly();
        Processes.awaitEnd(daemon);
        assertThat(scratch.socket()).exists();
        everyoneIsServedByOne(12);
    }

    private ProcessHandle awaitDaemon() throws Exception {
        // Asked once: while setsid(1) becomes the JVM, the process has no command line for a moment.
        List<ProcessHandle> daemons = scratch.daemons();
        while (daemons.isEmpty()) {
            daemons = scratch.daemons();
        }
        return daemons.get(0);
    }

    /** Client one is killed while its daemon starts; the daemon goes on, and serves the next. */
    @Test
    void theClientDiesHoldingTheSpawnLock() throws Exception {
        Process first = start(slow(), "pid");
        ProcessHandle daemon = awaitDaemon();
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + first.pid());
        first.destroyForcibly().waitFor();
        Process second = start(slow(), "pid");
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + second.pid());
        Files.createFile(gate());
        assertThat(outputOf(second)).isEqualTo(Long.toString(daemon.pid()));
        for (ProcessHandle other : scratch.daemons()) {
            if (other.pid() != daemon.pid()) {
                Processes.awaitEnd(other);
            }
        }
    }

    /** Nobody waits for what it would report. */
    @Test
    void theShellOfAStartGoesThoughItsClientWasKilled() throws Exception {
        Process client = start(slow(), "pid");
        ProcessHandle daemon = awaitDaemon();
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + client.pid());
        ProcessHandle shell = daemon.parent().orElseThrow();
        assertThat(Processes.commandLine(shell.pid())).startsWith("/bin/sh\0");
        client.destroyForcibly().waitFor();
        Files.createFile(gate());
        Processes.awaitEnd(shell);
        assertThat(Processes.hasEnded(daemon.pid())).isFalse();
        assertThat(outputOf(start(slow(), "pid"))).isEqualTo(Long.toString(daemon.pid()));
    }

    @Test
    void theClientDiesAfterTheSpawn() throws Exception {
        Process first = start("die=1", "pid");
        assertThat(first.waitFor()).isEqualTo(3);
        assertThat(outputOf(start("add", "1"))).isEqualTo("1");
        assertThat(outputOf(start("add", "1"))).isEqualTo("2");
    }

    /** Nobody ever comes: its first linger is ten seconds, during which others may. */
    @Test
    void aDaemonWhoseClientDiedLeavesByItself() throws Exception {
        assertThat(start("autoclose=1", "die=1", "pid").waitFor()).isEqualTo(3);
        Scratch.awaitText(scratch.directory().resolve("s.log"), "left: no reference is held any more");
        for (ProcessHandle daemon : scratch.daemons()) {
            Processes.awaitEnd(daemon);
        }
        assertThat(scratch.socket()).doesNotExist();
    }

    /** A start that hangs is ended by who waits for it; when that one is dead, the daemon ends itself. */
    @Test
    void aStartThatHangsIsNoOrphanForEver() throws Exception {
        Process client = start("timeout=3000", "jvm=-Dlab.constructorHangs=true", "pid");
        ProcessHandle daemon = awaitDaemon();
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + client.pid());
        client.destroyForcibly().waitFor();
        Processes.awaitEnd(daemon);
        assertThat(Files.readString(scratch.directory().resolve("s.log")))
                .contains("left: not ready in time, and nobody waits any longer");
    }

    /** Its client was stopped past its deadline while the daemon became ready: it is not ended, others use it. */
    @Test
    void aStarterThatWasStoppedDoesNotEndADaemonThatServes() throws Exception {
        Process first = start("timeout=3000", slow(), "pid");
        ProcessHandle daemon = awaitDaemon();
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + first.pid());
        Processes.signal(first.pid(), "STOP");
        Files.createFile(gate());
        try (Connection<Lab> connection = scratch.lab()
                .jvmOptions("-Dlab.constructorWaitsFor=" + gate())
                .build()
                .connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(daemon.pid());
            // Another start that hangs, with the same time, is given up: the first one's is over too.
            assertThat(Scratch.output(clock())).contains("did not say that it is ready in time");
            Processes.signal(first.pid(), "CONT");
            first.waitFor();
            assertThat(connection.rpc().pid()).isEqualTo(daemon.pid());
        }
    }

    /** Nor does one that is interrupted. */
    @Test
    void aStarterThatIsInterruptedDoesNotEndTheDaemon() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().jvmOptions("-Dlab.constructorWaitsFor=" + gate()).build();
        Thread starter = new Thread(() -> assertThatThrownBy(lab::connect)
                .isInstanceOf(AutoDaemonException.class)
                .hasMessageContaining("interrupted while connecting"));
        starter.start();
        ProcessHandle daemon = awaitDaemon();
        Scratch.awaitText(lab.log(), "started by pid ");
        starter.interrupt();
        starter.join();
        Files.createFile(gate());
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(daemon.pid());
        }
    }

    private ProcessBuilder clock() {
        ProcessBuilder hangs = scratch.command("timeout=3000", "jvm=-Dlab.constructorHangs=true", "pid");
        hangs.command().set(hangs.command().indexOf(scratch.socket().toString()), scratch.directory() + "/clock");
        return hangs;
    }

    @Test
    void allWaitForOneSlowStart() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().jvmOptions("-Dlab.constructorWaitsFor=" + gate()).build();
        List<CompletableFuture<Long>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            CompletableFuture<Long> answer = new CompletableFuture<>();
            answers.add(answer);
            new Thread(() -> {
                        try (Connection<Lab> connection = lab.connect()) {
                            answer.complete(connection.rpc().add(1));
                        } catch (RuntimeException e) {
                            answer.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        awaitDaemon();
        Files.createFile(gate());
        List<Long> sums = new ArrayList<>();
        for (CompletableFuture<Long> answer : answers) {
            sums.add(answer.get());
        }
        assertThat(sums)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 30).boxed().toList());
        assertThat(scratch.daemons()).hasSize(1);
    }

    /** A daemon that dies as soon as it serves is started three times, not for ever. */
    @Test
    void aCrashLoopIsBounded() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab()
                .jvmOptions("-Dlab.exitsWhenItServes=" + scratch.socket())
                .build();
        assertThatThrownBy(() -> {
                    // A connection may still be made to one that is about to die; its call is then lost.
                    for (int i = 0; i < 10; i++) {
                        try (Connection<Lab> connection = lab.connect()) {
                            connection.rpc().pid();
                        } catch (ConnectionLostException e) {
                            assertThat(e).hasMessageContaining("pid");
                        }
                    }
                })
                .isInstanceOfAny(UnreachableException.class, StartFailedException.class);
        assertThat(scratch.daemons()).allSatisfy(daemon -> Processes.awaitEnd(daemon));
    }

    /** The lock files are deleted by a cleaner while the daemon starts. */
    @Test
    void lockFilesDeletedDuringTheStart() throws Exception {
        Process first = start(slow(), "pid");
        awaitDaemon();
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + first.pid());
        while (!Files.exists(scratch.directory().resolve("s.lock"))) {
            Thread.onSpinWait();
        }
        Files.delete(scratch.directory().resolve("s.lock"));
        Files.delete(scratch.directory().resolve("s.spawn"));
        Process second = start(slow(), "pid");
        Scratch.awaitText(scratch.directory().resolve("s.log"), "started by pid " + second.pid());
        Files.createFile(gate());
        String pid = outputOf(second);
        assertThat(outputOf(first)).isEqualTo(pid);
        assertThat(outputOf(start(slow(), "pid"))).isEqualTo(pid);
    }

    /** Whoever holds the spawn lock is stopped, say in a debugger. */
    @Test
    void theLockIsHeldByAStoppedProcess() throws Exception {
        Process first = start(slow(), "pid");
        awaitDaemon();
        Processes.signal(first.pid(), "STOP");
        try {
            assertThat(Scratch.output(scratch.command("timeout=1500", slow(), "pid")))
                    .startsWith("UnreachableException: no connection to the daemon at " + scratch.socket())
                    .contains("the last step was waiting for another client, which is starting the daemon")
                    .contains("pid " + first.pid() + " holds the lock to start it");
            assertThat(scratch.daemons()).hasSize(1);
        } finally {
            Processes.signal(first.pid(), "CONT");
        }
        Files.createFile(gate());
        assertThat(outputOf(first)).isEqualTo(outputOf(start(slow(), "pid")));
    }

    @Test
    void stopAndStart() {
        AutoDaemon<Lab> lab = scratch.lab().build();
        for (int i = 0; i < 10; i++) {
            ProcessHandle daemon;
            try (Connection<Lab> connection = lab.connect()) {
                assertThat(connection.rpc().add(1)).isEqualTo(1);
                daemon = connection.spawned().orElseThrow();
            }
            assertThat(lab.stop(Duration.ofSeconds(20))).isTrue();
            assertThat(Processes.hasEnded(daemon.pid())).isTrue();
        }
        assertThat(lab.stop(Duration.ofSeconds(20))).isFalse();
    }

    @Test
    void theFirstLineOfTheLogSaysWhoStartedItAndWhy() throws Exception {
        Process first = start("pid");
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8))) {
            String pid = reader.readLine();
            assertThat(Files.readAllLines(scratch.directory().resolve("s.log")).get(0))
                    .contains(" --- started by pid " + first.pid() + " (")
                    .contains(LabCommand.class.getName())
                    .endsWith(
                            "for " + scratch.socket() + ": nobody served; version " + Version.CURRENT + ", pid " + pid);
        }
    }
}
