package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.autodaemon.internal.rpc.Version;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What can be asked of a daemon, and told to it, without being its user. */
@Timeout(60)
class StatusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    @Test
    void nothingRunsAndNothingIsStarted() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        assertThat(lab.status()).isEmpty();
        assertThat(lab.stop(PATIENCE)).isFalse();
        assertThat(lab.kill(PATIENCE)).isFalse();
        assertThat(lab.connectIfRunning()).isEmpty();
        assertThat(scratch.processes()).isEmpty();
        try (var files = Files.list(scratch.directory())) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void whatADaemonSaysAboutItself() {
        Instant before = Instant.now().minusMillis(1);
        AutoDaemon<Lab> lab = scratch.lab().args("a", "b").concurrent(4).build();
        try (Connection<Lab> one = lab.connect();
                Connection<Lab> two = lab.connect();
                Duplex stream = two.rpc().echo()) {
            one.rpc().keep();
            CompletableFuture<String> gate = one.rpc().gate();
            DaemonStatus status = awaitCalls(lab, 1);
            assertThat(status)
                    .isEqualTo(new DaemonStatus(
                            DaemonStatus.State.SERVING,
                            Optional.empty(),
                            one.pid().orElseThrow(),
                            LabService.class.getName(),
                            List.of("a", "b"),
                            Version.CURRENT,
                            status.since(),
                            "nobody served",
                            2,
                            3,
                            0,
                            1,
                            1,
                            Duration.ZERO,
                            status.details()));
            assertThat(status.since()).isBetween(before, Instant.now());
            one.rpc().letGo();
            one.rpc().open();
            assertThat(gate.join()).isEqualTo("open");
            assertThat(stream).isNotNull();
        }
        Duration idle = lab.status().orElseThrow().idle();
        while (lab.status().orElseThrow().idle().compareTo(idle) <= 0) {
            Thread.onSpinWait();
        }
    }

    /** A thread that heeds no interrupt goes on for a client that is gone, and whoever waits behind it sees what it waits for. */
    @Test
    void aCallWhoseClientHasGoneIsShownWhileItsThreadIsBusy() {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Connection<Lab> gone = lab.connect();
        CompletableFuture<String> stuck =
                CompletableFuture.supplyAsync(() -> gone.rpc().openWhenRetired(), Scratch::inThread);
        while (lab.status().orElseThrow().calls() != 1) {
            Thread.onSpinWait();
        }
        gone.close();
        assertThatThrownBy(stuck::join).hasCauseInstanceOf(ConnectionLostException.class);
        DaemonStatus status = lab.status().orElseThrow();
        while (status.clients() > 0) {
            status = lab.status().orElseThrow();
        }
        assertThat(status.calls()).isEqualTo(1);
        assertThat(status.waiting()).isZero();
        assertThat(status.references()).isZero();
        assertThat(status.details().connections()).singleElement().satisfies(one -> {
            assertThat(one.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(one.doing())
                    .extracting(DaemonStatus.Activity::method, DaemonStatus.Activity::state)
                    .containsExactly(tuple("openWhenRetired", "running"));
        });
        assertThat(lab.stop(PATIENCE)).isTrue();
    }

    private static DaemonStatus awaitCalls(AutoDaemon<Lab> lab, int calls) {
        DaemonStatus status = lab.status().orElseThrow();
        while (status.calls() != calls || status.streams() != 1 || status.waiting() != 0) {
            status = lab.status().orElseThrow();
        }
        return status;
    }

    /** All turns of the service are taken by calls that do not end. */
    @Test
    void busyIsNotDead() {
        AutoDaemon<Lab> lab = scratch.lab().timeout(Duration.ofSeconds(20)).build();
        try (Connection<Lab> busy = lab.connect();
                Connection<Lab> waiting = lab.connect()) {
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            while (lab.status().orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            CompletableFuture<Long> behind =
                    CompletableFuture.supplyAsync(() -> waiting.rpc().add(1), Scratch::inThread);
            try (Connection<Lab> another = lab.connect()) {
                assertThat(another.isOpen()).isTrue();
            }
            assertThat(stuck).isNotDone();
            assertThat(behind).isNotDone();
        }
        lab.kill(Duration.ofMillis(1));
    }

    /** What was sent before is known, although its turn has not come; asked on another connection it might not be. */
    @Test
    void aConnectionAsksAfterWhatItHasSent() {
        AutoDaemon<Lab> lab = scratch.lab().timeout(Duration.ofSeconds(20)).build();
        try (Connection<Lab> busy = lab.connect();
                Connection<Lab> waiting = lab.connect()) {
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            DaemonStatus before = busy.status(PATIENCE).orElseThrow();
            while (before.calls() != 1 || before.waiting() != 0) {
                before = waiting.status(PATIENCE).orElseThrow();
            }
            CompletableFuture<String> behind = waiting.rpc().gate();
            DaemonStatus after = waiting.status(PATIENCE).orElseThrow();

            assertThat(after.waiting()).isEqualTo(1);
            assertThat(after.calls()).isEqualTo(1);
            assertThat(List.of(stuck, behind)).allMatch(future -> !future.isDone());
            lab.kill(Duration.ofMillis(1));
            assertThat(waiting.status(PATIENCE)).isEmpty();
        }
    }

    /** The service has not heard of the client yet, since its turn is taken; that is no call that waits. */
    @Test
    void whoConnectsWhileTheTurnIsTakenIsNoCall() {
        AutoDaemon<Lab> lab = scratch.lab().timeout(Duration.ofSeconds(20)).build();
        try (Connection<Lab> busy = lab.connect()) {
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            while (busy.status(PATIENCE).orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            try (Connection<Lab> waiting = lab.connect()) {
                assertThat(waiting.status(PATIENCE).orElseThrow().waiting()).isZero();
                CompletableFuture<String> behind = waiting.rpc().gate();
                assertThat(waiting.status(PATIENCE).orElseThrow().waiting()).isEqualTo(1);
                assertThat(List.of(stuck, behind)).allMatch(future -> !future.isDone());
            }
        }
        lab.kill(Duration.ofMillis(1));
    }

    @Test
    void probesNeitherCountNorKeepItAlive() {
        AutoDaemon<Lab> lab =
                scratch.lab().autoClose(true).linger(Duration.ofMillis(200)).build();
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect()) {
            daemon = connection.spawned().orElseThrow();
            assertThat(lab.status().orElseThrow().references()).isEqualTo(1);
        }
        Optional<DaemonStatus> status = lab.status();
        while (status.isPresent()) {
            assertThat(status.orElseThrow().clients()).isLessThanOrEqualTo(1);
            status = lab.status();
        }
        Processes.awaitEnd(daemon);
    }

    /** A service that refuses its clients, and references that are never released, and released too often. */
    @Test
    void referencesAreCountedRightWhateverTheServiceDoes() throws Exception {
        AutoDaemon<Lab> refusing = scratch.lab().args("refuse").build();
        for (int i = 0; i < 3; i++) {
            try (Connection<Lab> connection = refusing.connect()) {
                assertThatThrownBy(() -> connection.rpc().get()).isInstanceOf(RemoteException.class);
            }
        }
        awaitReferences(refusing, 0);
        assertThat(refusing.stop(PATIENCE)).isTrue();

        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().keep();
            connection.rpc().letGo();
            connection.rpc().letGo();
        }
        awaitReferences(lab, 0);
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().keep();
        }
        awaitReferences(lab, 1);
    }

    private static void awaitReferences(AutoDaemon<Lab> lab, int references) {
        while (lab.status().orElseThrow().references() != references) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aRetiringDaemonFinishesItsCallsAndSaysSoInItsLog() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            CompletableFuture<String> running =
                    CompletableFuture.supplyAsync(() -> connection.rpc().openWhenRetired(), Scratch::inThread);
            while (lab.status().orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            assertThat(lab.stop(PATIENCE)).isTrue();
            assertThat(Processes.hasEnded(daemon.pid())).isTrue();
            assertThat(running.get()).isEqualTo("opened");
            assertThat(lab.status()).isEmpty();
        }
        String own = "stopped by pid " + ProcessHandle.current().pid();
        assertThat(Files.readString(lab.log())).contains("--- retiring: " + own).contains("--- left: " + own);
    }

    /** It accepts, since the kernel does that for it, and says nothing. */
    @Test
    void aStoppedDaemon() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().timeout(Duration.ofMillis(500)).build();
        ProcessHandle daemon;
        try (Connection<Lab> connection =
                scratch.lab().timeout(PATIENCE).build().connect()) {
            daemon = connection.spawned().orElseThrow();
        }
        Processes.signal(daemon.pid(), "STOP");
        assertThatThrownBy(lab::connect)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("the last step was waiting for the daemon's hello")
                .hasMessageContaining("; `autod stop --kill " + scratch.socket() + "` ends one that hangs")
                .hasMessageContaining("its info file names pid " + daemon.pid());
        assertThatThrownBy(() -> lab.stop(Duration.ofMillis(300))).isInstanceOf(UnreachableException.class);
        assertThat(scratch.daemons()).hasSize(1);
        assertThat(scratch.socket()).exists();
        Processes.signal(daemon.pid(), "CONT");
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(daemon.pid());
        }
    }

    /** Nobody waits half a minute in silence; and when it goes on, nothing has happened. */
    @Test
    void aStoppedDaemonIsSaidToBeWaitedFor() throws Exception {
        ProcessHandle daemon;
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            daemon = connection.spawned().orElseThrow();
        }
        Processes.signal(daemon.pid(), "STOP");
        Process client = scratch.command("add", "1").start();
        try (BufferedReader lines = client.inputReader()) {
            assertThat(lines.readLine())
                    .startsWith("auto-daemon: the daemon at " + scratch.socket()
                            + " has not answered for 5 s, and is waited for")
                    .endsWith("; `autod stop --kill " + scratch.socket() + "` ends one that hangs");
            Processes.signal(daemon.pid(), "CONT");
            assertThat(lines.readLine()).isEqualTo("1");
            assertThat(client.waitFor()).isZero();
        }
    }

    @Test
    void aWedgedDaemonIsKilledWhenThatIsAskedFor() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect()) {
            daemon = connection.spawned().orElseThrow();
        }
        Processes.signal(daemon.pid(), "STOP");
        assertThat(lab.kill(Duration.ofMillis(300))).isTrue();
        assertThat(Processes.hasEnded(daemon.pid())).isTrue();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        assertThat(Files.readString(lab.log())).contains(": the daemon before it died;");
    }

    /** As between the end of its patience and its own end: it has deleted the file already. */
    @Test
    void oneThatWasAskedToStopIsKilledAlthoughItsInfoFileIsGone() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> busy = lab.connect()) {
            long daemon = busy.pid().orElseThrow();
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> busy.rpc().waitForGate(), Scratch::inThread);
            while (busy.status(PATIENCE).orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            Files.delete(scratch.directory().resolve("s.info"));

            assertThat(lab.kill(Duration.ofSeconds(1))).isTrue();

            assertThat(Processes.hasEnded(daemon)).isTrue();
            assertThat(stuck).failsWithin(PATIENCE);
        }
    }

    /** A number in a file is no evidence: this one is of an innocent process. */
    @Test
    void aForeignPidInTheInfoFileIsNeverSignalled() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect()) {
            daemon = connection.spawned().orElseThrow();
        }
        Processes.signal(daemon.pid(), "STOP");
        Process innocent = new ProcessBuilder("sleep", "1000").start();
        try {
            for (String content : List.of(
                    "{\"autodaemon\":1,\"pid\":" + innocent.pid() + ",\"started\":1}",
                    "{\"autodaemon\":1,\"pid\":" + innocent.pid() + "}",
                    "garbage",
                    "")) {
                Files.writeString(scratch.directory().resolve("s.info"), content);
                assertThatThrownBy(() -> lab.kill(Duration.ofMillis(100)))
                        .isInstanceOf(UnreachableException.class)
                        .hasMessageContaining("nothing was killed, since");
                assertThat(innocent.isAlive()).isTrue();
                assertThat(daemon.isAlive()).isTrue();
            }
        } finally {
            innocent.destroyForcibly();
        }
    }

    @Test
    void aMessageOfTheLibraryThatIsNotKnownIsAnsweredByAnError() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            Map<String, String> environment = connection.rpc().environment();
            assertThat(environment).isNotEmpty();
            AutoDaemon<Rpc> dynamic = AutoDaemon.dynamic("nothing", "get")
                    .socket(scratch.socket())
                    .build();
            try (Connection<Rpc> other = dynamic.connect()) {
                assertThatThrownBy(() -> other.rpc().call("nothing"))
                        .isInstanceOf(RemoteException.class)
                        .hasMessageContaining("no method \"nothing\"");
                assertThat(other.rpc().call("get")).isEqualTo(0L);
            }
        }
    }

    @Test
    void theHistoryHasEachStartAndEnd() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            lab.connect().close();
            assertThat(lab.stop(PATIENCE)).isTrue();
            events.add("started");
            events.add("left");
        }
        assertThat(Files.readAllLines(scratch.directory().resolve("s.history")))
                .extracting(line -> line.replaceAll(".*\"event\":\"([a-z]*)\".*", "$1"))
                .isEqualTo(events);
    }
}
