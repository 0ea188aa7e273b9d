package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon is not given up before its successor can do its work. */
@Timeout(120)
class SuccessionTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** Nothing has happened to a daemon: it serves, has its state and its log, and nobody else is there. */
    private void goesOn(Connection<Lab> old, AutoDaemon<Lab> description) throws Exception {
        long pid = old.pid().orElseThrow();
        long sum = old.rpc().add(1);
        assertThat(description.status().orElseThrow().pid()).isEqualTo(pid);
        try (Connection<Lab> again = description.connect()) {
            assertThat(again.pid()).hasValue(pid);
            assertThat(again.rpc().get()).isEqualTo(sum);
        }
        for (ProcessHandle other : scratch.daemons()) {
            if (other.pid() != pid) {
                Processes.awaitEnd(other);
            }
        }
        assertThat(Files.readString(scratch.directory().resolve("s.log"))).contains(", pid " + pid);
        assertThat(scratch.previousLog()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSuccessorThatCannotBeStartedLeavesTheOldOneServing(boolean exclusive) throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().exclusive(exclusive).build();
        try (Connection<Lab> old = lab.connect()) {
            for (String path : List.of("/nowhere/app.jar", "/nowhere")) {
                assertThatThrownBy(() -> scratch.lab()
                                .exclusive(exclusive)
                                .classPath(path)
                                .build()
                                .connect())
                        .isInstanceOf(StartFailedException.class)
                        .hasMessageContaining("could not be started")
                        .hasMessageContaining(
                                "its log is " + scratch.directory().resolve("s.log.next"))
                        .hasMessageContaining("the daemon at " + scratch.socket() + " (pid "
                                + old.pid().orElseThrow()
                                + "), whose place it was to take, was left as it is: classPath: ");
                goesOn(old, lab);
            }
        }
    }

    @Test
    void aSuccessorWhoseConstructorThrowsLeavesTheOldOneServing() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> old = lab.connect()) {
            assertThatThrownBy(() -> scratch.lab()
                            .jvmOptions("-Dlab.constructorThrows=true")
                            .build()
                            .connect())
                    .isInstanceOf(StartFailedException.class)
                    .hasMessageContaining("the index is broken")
                    .hasMessageContaining("was left as it is: jvmOptions: [] -> [-Dlab.constructorThrows=true]")
                    .hasMessageEndingWith("A service of which there must be one at a time says exclusive(true)");
            goesOn(old, lab);
            assertThatThrownBy(() -> scratch.lab()
                            .jvmOptions("-Dlab.constructorExits=true")
                            .build()
                            .connect())
                    .isInstanceOfSatisfying(StartFailedException.class, e -> assertThat(e.exitCode())
                            .hasValue(7));
            goesOn(old, lab);
        }
    }

    @Test
    void aSuccessorThatHangsLeavesTheOldOneServing() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> old = lab.connect()) {
            assertThatThrownBy(() -> scratch.lab()
                            .jvmOptions("-Dlab.constructorHangs=true")
                            .timeout(Duration.ofSeconds(3))
                            .build()
                            .connect())
                    .isInstanceOf(StartFailedException.class)
                    .hasMessageContaining("it did not say that it is ready in time and was ended");
            goesOn(old, lab);
        }
    }

    /** Its service may have what this one's constructor wants, so it has to be closed before; what can be seen before is. */
    @Test
    void theServiceOfAnExclusiveSuccessorIsMadeWhenTheOldOneIsClosed() throws Exception {
        AutoDaemonBuilder<Lab> lab = scratch.lab().exclusive(true);
        long pid;
        try (Connection<Lab> old = lab.build().connect()) {
            pid = old.pid().orElseThrow();
        }
        Path gate = scratch.directory().resolve("gate");
        Process next = scratch.command("exclusive=1", "jvm=-Dlab.constructorWaitsFor=" + gate, "pid")
                .start();
        Scratch.awaitText(scratch.previousLog(), "service closed");
        Processes.awaitEnd(
                ProcessHandle.of(pid).orElse(ProcessHandle.current().parent().orElseThrow()));
        assertThat(Files.readString(scratch.directory().resolve("s.log"))).contains("replaces pid " + pid);
        Files.createFile(gate);
        assertThat(Scratch.output(next).strip())
                .endsWith("\n"
                        + Long.toString(lab.jvmOptions("-Dlab.constructorWaitsFor=" + gate)
                                .build()
                                .status()
                                .orElseThrow()
                                .pid()));
    }

    /** Version 1 runs on while version 2 is installed in its place. */
    @Test
    void aProgramWhoseFilesWereDeletedDoesNotReplaceItsSuccessor() throws Exception {
        Path jar = Files.writeString(scratch.directory().resolve("v1.jar"), "no classes");
        Path java =
                Files.createSymbolicLink(scratch.directory().resolve("java"), Path.of(System.getProperty("java.home")));
        String path = System.getProperty("java.class.path");
        AutoDaemon<Lab> first =
                scratch.lab().classPath(path + ":" + jar).javaHome(java).build();
        first.connect().close();
        AutoDaemon<Lab> second = scratch.lab().build();
        try (Connection<Lab> serving = second.connect()) {
            Path elsewhere = Files.move(jar, scratch.directory().resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
            Files.setLastModifiedTime(elsewhere, Files.getLastModifiedTime(elsewhere));
            AutoDaemon<Lab> other = scratch.lab()
                    .args("other")
                    .classPath(path + ":" + jar)
                    .javaHome(java)
                    .build();
            assertThatThrownBy(other::connect)
                    .isInstanceOf(IncompatibleException.class)
                    .hasMessage("the daemon at " + scratch.socket() + " (pid "
                            + serving.pid().orElseThrow()
                            + ") does not fit, and was left as it is, since another cannot"
                            + " be started: " + jar
                            + " was deleted, as an upgrade does; start this program again. args: [] -> [other]");
            // What is missing has no classes, so that there is no other difference.
            try (Connection<Lab> same = first.connect()) {
                assertThat(same.pid()).isEqualTo(serving.pid());
            }
            Files.delete(java);
            assertThatThrownBy(first::connect)
                    .isInstanceOf(IncompatibleException.class)
                    .hasMessageContaining("another cannot be started: ")
                    .hasMessageContaining("was deleted");
            assertThat(serving.rpc().add(1)).isEqualTo(1);
            assertThat(second.status().orElseThrow().pid())
                    .isEqualTo(serving.pid().orElseThrow());
        }
    }

    @Test
    void aClientThatDiesWhileItsSuccessorPreparesHasReplacedNothing() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Path gate = scratch.directory().resolve("gate");
        try (Connection<Lab> old = lab.connect()) {
            Process client = scratch.command("jvm=-Dlab.constructorWaitsFor=" + gate, "pid")
                    .start();
            Path log = scratch.directory().resolve("s.log.next");
            Scratch.awaitText(log, "started by pid " + client.pid());
            client.destroyForcibly().waitFor();
            Files.createFile(gate);
            Scratch.awaitText(log, "service closed");
            goesOn(old, lab);
            Scratch.awaitText(log, "not needed: whoever started it does not want it");
        }
    }

    /** Thirty want the next version: one starts it, and all wait for that one. */
    @Test
    void oneOfManyClientsStartsTheSuccessor() throws Exception {
        AutoDaemon<Lab> next = scratch.lab().args("next").build();
        List<Thread> threads = new ArrayList<>();
        List<Long> pids = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Connection<Lab> old = scratch.lab().build().connect()) {
            for (int i = 0; i < 30; i++) {
                Thread thread = new Thread(() -> {
                    try (Connection<Lab> connection = next.connect()) {
                        pids.add(connection.rpc().pid());
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(pids).hasSize(30).doesNotContain(old.pid().orElseThrow());
            assertThat(pids.stream().distinct()).hasSize(1);
            assertThat(scratch.daemons()).hasSize(2);
        }
    }

    /** The path is free for a moment, and a program in the foreground is quicker: the successor is not needed. */
    @Test
    void aSuccessorThatFindsThePathTakenLeaves() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        lab.connect().close();
        Path gate = scratch.directory().resolve("gate");
        Process client =
                scratch.command("jvm=-Dlab.constructorWaitsFor=" + gate, "pid").start();
        Path next = scratch.directory().resolve("s.log.next");
        Scratch.awaitText(next, "started by pid " + client.pid());
        Processes.signal(client.pid(), "STOP");
        Files.createFile(gate);
        Scratch.awaitText(next, "prepared: waits for the daemon that serves to retire");
        long successor = successor();
        Processes.signal(successor, "STOP");
        Processes.signal(client.pid(), "CONT");
        while (Files.exists(scratch.socket())) {
            LockSupport.parkNanos(1_000_000);
        }
        Server server = scratch.lab().args("foreground").build().createServer().listen();
        Processes.signal(successor, "CONT");
        assertThat(Scratch.output(client))
                .startsWith("auto-daemon: replaced the daemon at " + scratch.socket())
                .contains("IncompatibleException: ")
                .contains("args: [foreground] -> []; it runs in the foreground of a program");
        assertThat(Files.readString(scratch.directory().resolve("s.log")))
                .contains("service closed")
                .contains("not needed: a daemon already serves " + scratch.socket());
        server.close();
        server.gone().get();
    }

    private long successor() {
        List<Long> pids = new ArrayList<>();
        for (ProcessHandle daemon : scratch.daemons()) {
            if (daemon.info().arguments().map(all -> List.of(all)).orElse(List.of()).stream()
                    .anyMatch(argument -> argument.startsWith("-Dlab.constructorWaitsFor="))) {
                pids.add(daemon.pid());
            }
        }
        assertThat(pids).hasSize(1);
        return pids.get(0);
    }
}
