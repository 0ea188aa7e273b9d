package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a daemon meets while it serves. */
@Timeout(120)
class LifeTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private void awaitClients(int clients) {
        AutoDaemon<Lab> lab = scratch.lab().build();
        while (lab.status().orElseThrow().clients() != clients) {
            Thread.onSpinWait();
        }
    }

    /** A command that has begun, and the line with which it says so. */
    private record Begun(Process process, BufferedReader out, String line) {}

    private Begun begin(String... words) throws Exception {
        Process process = scratch.command(words).start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new Begun(process, out, out.readLine());
    }

    @Test
    void aClientKilledInMidCall() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().concurrent(2).build();
        try (Connection<Lab> connection = lab.connect()) {
            Begun client = begin("concurrent=2", "wait");
            assertThat(client.line()).isEqualTo("waiting");
            while (connection.rpc().waiting() == 0) {
                Thread.onSpinWait();
            }
            awaitClients(2);
            client.process().destroyForcibly().waitFor();
            awaitClients(1);
            assertThat(connection.rpc().add(1)).isEqualTo(1);
            connection.rpc().open();
        }
    }

    @Test
    void aClientKilledInMidStream() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            Begun client = begin("stream", "1000000000");
            assertThat(client.line()).startsWith("streaming");
            client.process().destroyForcibly().waitFor();
            awaitClients(1);
            while (scratch.lab().build().status().orElseThrow().streams() != 0) {
                Thread.onSpinWait();
            }
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    /** Back-pressure on its stream only: the others' calls and streams go on. */
    @Test
    void aClientStoppedInMidStream() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            Begun client = begin("stream", "1000000000");
            Processes.signal(client.process().pid(), "STOP");
            for (int i = 1; i <= 100; i++) {
                assertThat(connection.rpc().add(1)).isEqualTo(i);
            }
            try (Duplex stream = connection.rpc().numbers(100_000)) {
                assertThat(new String(stream.input().readAllBytes(), StandardCharsets.UTF_8))
                        .endsWith("\n100000\n");
            }
            client.process().destroyForcibly().waitFor();
        }
    }

    @Test
    void aDaemonThatRunsOutOfMemoryInACall() {
        AutoDaemon<Lab> lab = scratch.lab().jvmOptions("-Xmx64m").build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThatThrownBy(() -> connection.rpc().exhaust())
                    .isInstanceOf(RemoteException.class)
                    .hasMessageContaining("Java heap space");
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    /** Twice as many connections as it has descriptors: it waits for some to be closed, says so once, and recovers. */
    @Test
    void outOfDescriptors() throws Exception {
        ProcessBuilder builder = scratch.command("add", "1");
        builder.command().addAll(0, List.of("/bin/sh", "-c", "ulimit -n 80; exec \"$@\"", "sh"));
        assertThat(Scratch.output(builder)).isEqualTo("1");
        ProcessHandle daemon = scratch.daemons().get(0);
        List<SocketChannel> held = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            held.add(SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket())));
        }
        Scratch.awaitText(scratch.directory().resolve("s.log"), "no connection can be accepted for now");
        assertThatThrownBy(() ->
                        scratch.lab().timeout(Duration.ofMillis(500)).build().connect())
                .isInstanceOf(UnreachableException.class);
        for (SocketChannel channel : held) {
            channel.close();
        }
        assertThat(Scratch.output(scratch.command("add", "1"))).isEqualTo("2");
        assertThat(scratch.daemons()).containsExactly(daemon);
        assertThat(Files.readAllLines(scratch.directory().resolve("s.log")).stream()
                        .filter(line -> line.contains("no connection can be accepted")))
                .hasSize(1);
    }

    @Test
    void aThousandClientsAtOnce() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        List<SocketChannel> held = new ArrayList<>();
        try (Connection<Lab> connection = lab.connect()) {
            for (int i = 0; i < 1000; i++) {
                held.add(SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket())));
            }
            for (SocketChannel channel : held) {
                assertThat(channel.read(ByteBuffer.allocate(100))).isPositive();
            }
            awaitClients(1001);
            assertThat(connection.rpc().add(1)).isEqualTo(1);
            for (SocketChannel channel : held) {
                channel.close();
            }
            awaitClients(1);
        }
    }

    @Test
    void connectedAndGoneAThousandTimes() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            for (int i = 0; i < 1000; i++) {
                SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket())).close();
            }
            awaitClients(1);
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    /** Neither an open stream that is silent nor a call that takes long is idleness. */
    @Test
    void connectedIsNotIdle() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().idleTimeout(Duration.ofMillis(100)).concurrent(2).build();
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect();
                Duplex silent = connection.rpc().echo()) {
            daemon = connection.spawned().orElseThrow();
            // Another daemon with the same time comes, is idle, and goes.
            AutoDaemon<Lab> clock = AutoDaemon.of(Lab.class, LabService.class)
                    .socket(scratch.directory().resolve("clock"))
                    .idleTimeout(Duration.ofMillis(100))
                    .build();
            ProcessHandle other;
            try (Connection<Lab> unused = clock.connect()) {
                other = unused.spawned().orElseThrow();
            }
            Processes.awaitEnd(other);
            silent.output().write(7);
            assertThat(silent.input().read()).isEqualTo(7);
        }
        Processes.awaitEnd(daemon);
        assertThat(Files.readString(lab.log())).contains("left: idle for 0.1s");
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().drain(Duration.ofMinutes(10)).build();
        try (Connection<Lab> connection = lab.connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> connection.rpc().waitForGate(), Scratch::inThread);
            while (lab.status().orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            Processes.signal(daemon.pid(), "TERM");
            Scratch.awaitText(lab.log(), "retiring: asked to by a signal");
            while (Files.exists(scratch.socket())) {
                Thread.onSpinWait();
            }
            assertThat(daemon.isAlive()).isTrue();
            assertThat(stuck).isNotDone();
            Processes.signal(daemon.pid(), "TERM");
            assertThatThrownBy(stuck::get).hasCauseInstanceOf(ConnectionLostException.class);
            Processes.awaitEnd(daemon);
        }
        assertThat(Files.readString(lab.log())).contains("left: told by a second signal to end at once");
        assertThat(scratch.socket()).doesNotExist();
    }

    /** While it ends a call that does not end, it does not look alive: the next client has a fresh one at once. */
    @Test
    void leavingDoesNotLookAlive() {
        AutoDaemon<Lab> lab = scratch.lab().drain(Duration.ofMinutes(10)).build();
        try (Connection<Lab> old = lab.connect()) {
            ProcessHandle daemon = old.spawned().orElseThrow();
            CompletableFuture<String> stuck =
                    CompletableFuture.supplyAsync(() -> old.rpc().waitForGate(), Scratch::inThread);
            while (lab.status().orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> lab.stop(Duration.ofMillis(200)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining(
                            "(pid " + daemon.pid() + ") was asked to stop and is still there after 200 ms");
            try (Connection<Lab> fresh = lab.connect()) {
                assertThat(fresh.rpc().pid()).isNotEqualTo(daemon.pid());
            }
            assertThat(stuck).isNotDone();
            daemon.destroyForcibly();
        }
    }

    /** Stopped exactly when its linger ends, with a client in its queue of connections. */
    @Test
    void aClientInTheQueueOfADaemonThatIsAboutToLeave() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().autoClose(true).linger(Duration.ofMillis(30)).build();
        long served = 0;
        for (int i = 0; i < 5; i++) {
            try (Connection<Lab> connection = lab.connect()) {
                served = connection.rpc().pid();
            }
            ProcessHandle daemon = ProcessHandle.of(served).orElse(null);
            if (daemon != null && !Processes.hasEnded(daemon.pid())) {
                Processes.signal(daemon.pid(), "STOP");
                CompletableFuture<Long> next = CompletableFuture.supplyAsync(
                        () -> {
                            try (Connection<Lab> connection = lab.connect()) {
                                return connection.rpc().add(1);
                            }
                        },
                        Scratch::inThread);
                Processes.signal(daemon.pid(), "CONT");
                assertThat(next.get()).isPositive();
            }
        }
    }

    /** Commands with pauses swept over the moment at which the daemon leaves; each call has run exactly once. */
    @Test
    void commandsSweptOverTheMomentOfAutoclose() throws Exception {
        AutoDaemon<Lab> lab =
                scratch.lab().autoClose(true).linger(Duration.ofMillis(20)).build();
        long pid = 0;
        long expected = 0;
        int daemons = 0;
        for (int i = 0; i < 30; i++) {
            try (Connection<Lab> connection = lab.connect()) {
                if (connection.rpc().pid() != pid) {
                    pid = connection.rpc().pid();
                    expected = 0;
                    daemons++;
                }
                assertThat(connection.rpc().add(1)).isEqualTo(++expected);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(15_000_000 + i * 400_000L);
        }
        assertThat(daemons).isPositive();
    }
}
