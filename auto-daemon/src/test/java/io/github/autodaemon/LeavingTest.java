package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How real daemons leave. */
@Timeout(60)
class LeavingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** Its turn never comes: the daemon is told to leave while another's call holds it. */
    @Test
    void aCallThatAStoppedDaemonHasNotBegunIsDoneByItsSuccessor() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().drain(Duration.ofSeconds(1)).build();
        try (Connection<Lab> busy = lab.connect();
                Connection<Lab> used = lab.connect();
                Connection<Lab> fresh = lab.connect()) {
            long first = fresh.pid().orElseThrow();
            assertThat(used.rpc().add(1)).isEqualTo(1);
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            while (busy.status(PATIENCE).orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            CompletableFuture<Long> waits =
                    CompletableFuture.supplyAsync(() -> fresh.rpc().add(5), Scratch::inThread);
            CompletableFuture<Long> second =
                    CompletableFuture.supplyAsync(() -> used.rpc().add(5), Scratch::inThread);
            while (busy.status(PATIENCE).orElseThrow().waiting() != 2) {
                Thread.onSpinWait();
            }
            assertThat(lab.stop(PATIENCE)).isTrue();

            assertThat(waits.get()).isEqualTo(5);
            assertThat(fresh.pid().orElseThrow()).isNotEqualTo(first);
            // What the first call of this one has left in the daemon is gone: its user must know.
            assertThatThrownBy(second::get)
                    .cause()
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("has not run")
                    .hasMessageContaining("the daemon leaves, and had not begun it");
            assertThatThrownBy(stuck::get).cause().isInstanceOf(ConnectionLostException.class);
        }
    }

    /** A call says that it has not run, not that nobody could be reached. */
    @Test
    void aCallThatNoSuccessorCanDoIsLostAndHasNotRun() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().drain(Duration.ofMillis(300)).build();
        try (Connection<Lab> busy = lab.connect();
                Connection<Rpc> fresh = AutoDaemon.dynamic("add")
                        .socket(scratch.socket())
                        .build()
                        .connect()) {
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            while (busy.status(PATIENCE).orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            CompletableFuture<Object> waits =
                    CompletableFuture.supplyAsync(() -> fresh.rpc().call("add", 5), Scratch::inThread);
            while (busy.status(PATIENCE).orElseThrow().waiting() != 1) {
                Thread.onSpinWait();
            }
            assertThat(lab.stop(PATIENCE)).isTrue();
            assertThatThrownBy(waits::get)
                    .cause()
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining(
                            "has not run: the daemon leaves, and no other was reached: no daemon serves ");
            assertThatThrownBy(stuck::get).cause().isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void closeEndsTheDaemonAndTheNextCommandStartsAFreshOne() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        ProcessHandle first;
        try (Connection<Lab> connection = lab.connect()) {
            first = connection.spawned().orElseThrow();
            assertThat(connection.rpc().add(9)).isEqualTo(9);
            // The reply of the call that closes the connection is still sent.
            connection.rpc().close();
            assertThat(scratch.socket()).doesNotExist();
        }
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(5)).isEqualTo(5);
            assertThat(connection.rpc().pid()).isNotEqualTo(first.pid());
        }
        Processes.awaitEnd(first);
        assertThat(Files.readString(scratch.previousLog()))
                .contains("--- retiring: closed by the service")
                .contains("out service closed")
                .contains("--- left: closed by the service");
    }

    /** Parity row 21: connections that exist go on while the successor serves. */
    @Test
    void existingConnectionsGoOnAfterClose() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        ProcessHandle process;
        try (Connection<Lab> old = lab.connect()) {
            process = old.spawned().orElseThrow();
            old.rpc().add(7);
            old.rpc().retire();
            try (Connection<Lab> fresh = lab.connect()) {
                assertThat(fresh.rpc().add(1)).isEqualTo(1);
                assertThat(old.rpc().add(1)).isEqualTo(8);
                assertThat(fresh.rpc().pid()).isNotEqualTo(old.rpc().pid());
            }
        }
        Processes.awaitEnd(process);
    }

    @Test
    void autoCloseLeavesWhenTheLastReferenceIsReleased() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().autoClose(true).linger(Duration.ofMillis(50)).build();
        ProcessHandle process;
        try (Connection<Lab> first = lab.connect()) {
            process = first.spawned().orElseThrow();
            try (Connection<Lab> second = lab.connect()) {
                assertThat(second.rpc().add(1)).isEqualTo(1);
            }
            assertThat(first.rpc().add(1)).isEqualTo(2);
        }
        Processes.awaitEnd(process);
        assertThat(scratch.socket()).doesNotExist();
        assertThat(Files.readString(lab.log())).contains("retiring: no reference is held any more");
    }

    @Test
    void withoutAutoCloseItStays() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().linger(Duration.ZERO).build();
        long pid;
        try (Connection<Lab> connection = lab.connect()) {
            pid = connection.rpc().pid();
        }
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(pid);
        }
    }

    /** Parity row 14. */
    @Test
    void aReferenceOfTheServiceKeepsItAlive() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().autoClose(true).linger(Duration.ofMillis(1)).build();
        ProcessHandle process;
        try (Connection<Lab> connection = lab.connect()) {
            process = connection.spawned().orElseThrow();
            connection.rpc().keep();
        }
        // Longer than the linger by far, by the log's clock: another daemon comes and goes meanwhile.
        AutoDaemon<Lab> other = AutoDaemon.of(Lab.class, LabService.class)
                .socket(scratch.directory().resolve("other"))
                .autoClose(true)
                .linger(Duration.ofMillis(1))
                .build();
        ProcessHandle reference;
        try (Connection<Lab> connection = other.connect()) {
            reference = connection.spawned().orElseThrow();
        }
        Processes.awaitEnd(reference);
        assertThat(process.isAlive()).isTrue();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(process.pid());
            // Closed twice by the service; it counts once.
            connection.rpc().letGo();
            assertThat(connection.rpc().get()).isZero();
        }
        Processes.awaitEnd(process);
    }

    /** Parity row 12: without exitOnClose a thread of the service keeps a process without a socket. */
    @Test
    void aThreadLeftBehindKeepsTheProcessUnlessItIsToExit() throws Exception {
        AutoDaemon<Lab> stays = scratch.lab().build();
        Connection<Lab> old = stays.connect();
        ProcessHandle process = old.spawned().orElseThrow();
        old.rpc().leaveThreadBehind();
        old.rpc().close();
        old.close();
        awaitLog(stays.log(), "left: closed by the service");
        assertThat(process.isAlive()).isTrue();
        assertThat(scratch.socket()).doesNotExist();

        AutoDaemon<Lab> exits = scratch.lab().exitOnClose(true).build();
        Connection<Lab> next = exits.connect();
        ProcessHandle second = next.spawned().orElseThrow();
        assertThat(second.pid()).isNotEqualTo(process.pid());
        next.rpc().leaveThreadBehind();
        next.rpc().close();
        next.close();
        Processes.awaitEnd(second);
    }

    private static void awaitLog(Path log, String line) throws Exception {
        while (!Files.readString(log).contains(line)) {
            Thread.onSpinWait();
        }
    }

    /** A successor of an exclusive daemon starts to serve when the old one has closed its service. */
    @Test
    void anExclusiveDaemonIsSucceededWhenItIsGone() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().exclusive(true).build();
        Connection<Lab> old = lab.connect();
        old.rpc().retire();
        CompletableFuture<Connection<Lab>> next = CompletableFuture.supplyAsync(lab::connect, Scratch::inThread);
        CountDownLatch asked = new CountDownLatch(1);
        Thread watcher = new Thread(() -> {
            try {
                awaitLog(lab.log(), "started by pid " + ProcessHandle.current().pid());
                asked.countDown();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        watcher.start();
        asked.await();
        assertThat(old.rpc().add(1)).isEqualTo(1);
        assertThat(next).isNotDone();
        old.close();
        try (Connection<Lab> fresh = next.get()) {
            assertThat(fresh.rpc().add(1)).isEqualTo(1);
        }
        assertThat(Files.readString(scratch.previousLog())).contains("out service closed");
    }

    /** An idle connection with an open stream does not keep its successor waiting. */
    @Test
    void anExclusiveDaemonThatIsReplacedEndsItsConnections() throws Exception {
        try (Connection<Lab> old =
                        scratch.lab().exclusive(true).args("a").build().connect();
                Duplex stream = old.rpc().echo();
                Connection<Lab> next =
                        scratch.lab().exclusive(true).args("b").build().connect()) {
            assertThat(next.rpc().args()).containsExactly("b");
            assertThatThrownBy(() -> stream.input().read()).hasMessageContaining("the peer closed the connection");
            Processes.awaitEnd(old.spawned().orElseThrow());
        }
    }

    @Test
    void deathInMidCallIsAnErrorAtOnceAndTheNextConnectStartsAFreshOne() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            CountDownLatch told = new CountDownLatch(1);
            connection.onClose(told::countDown);
            CompletableFuture<String> gate = connection.rpc().gate();
            assertThatThrownBy(() -> connection.rpc().exit(3))
                    .isInstanceOfSatisfying(ConnectionLostException.class, e -> assertThat(e.mayHaveRun())
                            .isTrue())
                    .hasMessageContaining("during the call of \"exit\", which may have run");
            assertThatThrownBy(gate::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ConnectionLostException.class);
            told.await();
            assertThat(connection.isOpen()).isFalse();
            assertThatThrownBy(() -> connection.rpc().add(1))
                    .isInstanceOfSatisfying(ConnectionLostException.class, e -> assertThat(e.mayHaveRun())
                            .isFalse());
        }
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    @Test
    void aServiceThatExitsTheProcess() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThatThrownBy(() -> connection.rpc().systemExit(3)).isInstanceOf(ConnectionLostException.class);
            Processes.awaitEnd(connection.spawned().orElseThrow());
        }
        assertThat(Files.readString(lab.log())).contains("--- left: the service ended the process");
        assertThat(scratch.socket()).doesNotExist();
    }

    @Test
    void aSignalLetsRunningCallsEndAndGivesUpTheSocket() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().concurrent(3).build();
        try (Connection<Lab> idle = lab.connect();
                Connection<Lab> busy = lab.connect()) {
            ProcessHandle daemon = idle.spawned().orElseThrow();
            assertThat(idle.rpc().get()).isZero();
            CompletableFuture<String> running =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            Connection<Lab> opener = lab.connect();
            CompletableFuture<String> opening =
                    CompletableFuture.supplyAsync(() -> opener.rpc().openWhenRetired(), Scratch::inThread);
            while (idle.rpc().waiting() < 2) {
                Thread.onSpinWait();
            }
            assertThat(daemon.destroy()).isTrue();
            assertThat(running.get()).isEqualTo("open");
            assertThat(opening.get()).isEqualTo("opened");
            Processes.awaitEnd(daemon);
            opener.close();
        }
        assertThat(scratch.socket()).doesNotExist();
        assertThat(Files.readString(lab.log()))
                .contains("--- retiring: asked to by a signal")
                .contains("out service closed")
                .contains("--- left: asked to by a signal");
    }

    @Test
    void aCallThatNeverEndsDoesNotStopASignal() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().drain(Duration.ofMillis(300)).build();
        try (Connection<Lab> connection = lab.connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> connection.rpc().waitForGate(), Scratch::inThread);
            // What has not begun would be done by a successor.
            while (connection.status(PATIENCE).orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            daemon.destroy();
            assertThatThrownBy(stuck::get).hasCauseInstanceOf(ConnectionLostException.class);
            Processes.awaitEnd(daemon);
        }
        assertThat(scratch.socket()).doesNotExist();
    }

    @Test
    void aDaemonWhosePathIsRemovedLeaves() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        ProcessHandle old;
        try (Connection<Lab> connection = lab.connect()) {
            old = connection.spawned().orElseThrow();
            Files.delete(scratch.socket());
            try (Connection<Lab> fresh = lab.connect()) {
                assertThat(fresh.rpc().pid()).isNotEqualTo(old.pid());
                // Its own connections go on to their end.
                assertThat(connection.rpc().add(1)).isEqualTo(1);
            }
        }
        Processes.awaitEnd(old);
        assertThat(scratch.socket()).exists();
        assertThat(Files.readString(scratch.previousLog()))
                .contains("retiring: its socket's path was removed or replaced");
    }

    @Test
    void aKilledClientIsForgotten() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> watching = lab.connect()) {
            Connection<Lab> leaving = lab.connect();
            assertThat(leaving.rpc().clients()).isEqualTo(2);
            leaving.close();
            while (watching.rpc().clients() > 1) {
                Thread.onSpinWait();
            }
        }
    }
}
