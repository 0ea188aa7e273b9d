package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What native code forks has the daemon's descriptors, its listening socket among them. The JVM itself forks like that when
 * its memory is used up.
 */
@Timeout(60)
class OrphanTest {
    /** Longer than the test may take: nothing here is found out by waiting for so long. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private AutoDaemon<Lab> lab() {
        Path log = scratch.directory().resolve("s.log");
        return scratch.lab()
                .jvmOptions("-Xmx64m", "-XX:OnOutOfMemoryError=tail -f " + log + " >/dev/null 2>&1 &")
                .timeout(PATIENCE)
                .build();
    }

    /** A daemon that is dead while a child of its own has its listener. */
    private AutoDaemon<Lab> orphaned() throws IOException {
        AutoDaemon<Lab> lab = lab();
        long pid;
        try (Connection<Lab> connection = lab.connect()) {
            pid = connection.rpc().pid();
            assertThatThrownBy(() -> connection.rpc().exhaust()).isInstanceOf(RemoteException.class);
        }
        Processes.kill(pid);
        assertThat(scratch.processes()).isNotEmpty();
        // Its queue takes whoever comes.
        SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket())).close();
        return lab;
    }

    @Test
    void aClientStartsTheSuccessorOfTheDead() throws Exception {
        AutoDaemon<Lab> lab = orphaned();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
            assertThat(connection.spawned()).isPresent();
        }
        assertThat(Files.readString(scratch.directory().resolve("s.log")))
                .contains("the daemon before it died, and a process that it had forked keeps its socket open");
    }

    @Test
    void nobodyRunsToBeAskedOrStopped() throws Exception {
        AutoDaemon<Lab> lab = orphaned();
        assertThat(lab.stop(PATIENCE)).isFalse();
        assertThat(orphaned().kill(PATIENCE)).isFalse();
        assertThat(orphaned().status()).isEmpty();
        assertThat(orphaned().connectIfRunning()).isEmpty();
    }

    @Test
    void aServerInTheForegroundTakesThePath() throws Exception {
        try (Server server = orphaned().createServer()) {
            server.listen();
            try (Connection<Lab> connection =
                    scratch.lab().replace(false).spawn(false).build().connect()) {
                assertThat(connection.rpc().pid())
                        .isEqualTo(ProcessHandle.current().pid());
            }
        }
    }

    @Test
    void whatIsLeftIsFoundAndRemoved() throws Exception {
        Daemon found = Daemons.at(orphaned().socket(), PATIENCE);
        assertThat(found.state()).isEqualTo(Daemon.State.LEFTOVER);
        assertThat(found.clean()).contains(scratch.socket());
        assertThat(scratch.socket()).doesNotExist();
    }

    /** Not even npm's daemon, which holds no lock of ours: it may be stopped, or slow. */
    @Test
    void whoeverIsSilentAndNoDaemonThatDiedIsLeftAlone() throws Exception {
        orphaned();
        Files.delete(scratch.socket());
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(scratch.socket()));
            assertThatThrownBy(() ->
                            scratch.lab().timeout(Duration.ofSeconds(1)).build().connect())
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("waiting for the daemon's hello");
        }
        assertThat(scratch.socket()).exists();
    }

    /** Whoever waits in the queue of a listener that a child keeps open would wait for ever. */
    @Test
    void whoeverWaitsWhereNobodyServesAnyMoreLooksAgain() throws Exception {
        AutoDaemon<Lab> lab = lab();
        long pid;
        try (Connection<Lab> connection = lab.connect()) {
            pid = connection.rpc().pid();
            assertThatThrownBy(() -> connection.rpc().exhaust()).isInstanceOf(RemoteException.class);
        }
        Processes.signal(pid, "STOP");
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(
                () -> {
                    try (Connection<Lab> connection = lab.connect()) {
                        return connection.rpc().pid();
                    }
                },
                Scratch::inThread);
        while (queued() == 0) {
            Thread.onSpinWait();
        }
        // As a daemon leaves.
        Files.delete(scratch.socket());
        Processes.kill(pid);
        assertThat(waiting.join()).isNotEqualTo(pid);
    }

    /** Connections in the queue of a listener have its name and the state of one that is being made. */
    private int queued() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/net/unix"));
        int queued = 0;
        for (String line : lines) {
            String[] fields = line.strip().split(" +", -1);
            boolean here =
                    fields.length == 8 && fields[7].equals(scratch.socket().toString());
            queued += here && fields[6].equals("0") ? 1 : 0;
        }
        return queued;
    }
}
