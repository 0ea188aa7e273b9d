package io.github.autodaemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Connection;
import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.rpc.Version;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the library's list of daemons says, and that it believes nothing but sockets and processes. */
@Timeout(60)
class DaemonsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** An index of its own: others of this user may be listed in the usual one, and not answer. */
    private Path home() {
        return scratch.directory().resolve("auto-daemon");
    }

    private AutoDaemonBuilder<Lab> lab() {
        return scratch.lab()
                .environment(Map.of("XDG_RUNTIME_DIR", scratch.directory().toString(), "PATH", System.getenv("PATH")));
    }

    private List<Daemon> here() {
        return Daemons.list(List.of(home()), PATIENCE);
    }

    private Daemon at(Duration patience) {
        return Daemons.at(List.of(home()), scratch.socket(), patience);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.list(home().resolve("index"))) {
            return files.toList();
        }
    }

    private Daemon find(Daemon.State state) {
        while (true) {
            for (Daemon daemon : here()) {
                if (daemon.state() == state) {
                    return daemon;
                }
            }
        }
    }

    private static boolean isPending(DaemonStatus status) {
        return status.details().connections().stream()
                .flatMap(connection -> connection.doing().stream())
                .anyMatch(activity -> activity.state().equals("pending"));
    }

    @Test
    void whoServesIsListedAndDescribed() throws Exception {
        AutoDaemon<Lab> lab = lab().args("a").idleTimeout(Duration.ofHours(1)).build();
        try (Connection<Lab> connection = lab.connect()) {
            CompletableFuture<String> gate = connection.rpc().gate();
            while (!isPending(lab.status().orElseThrow())) {
                Thread.onSpinWait();
            }
            Daemon daemon = find(Daemon.State.SERVING);
            assertThat(here()).hasSize(1);
            assertThat(daemon.name()).isEqualTo("s");
            assertThat(daemon.pid()).isEqualTo(connection.pid());
            assertThat(daemon.version()).isEqualTo(Version.CURRENT);
            assertThat(daemon.service()).isEqualTo(LabService.class.getName());
            assertThat(daemon.memory().orElseThrow()).isGreaterThan(1 << 20);
            DaemonStatus status = daemon.status().orElseThrow();
            assertThat(status.details().startedBy())
                    .startsWith("pid " + ProcessHandle.current().pid());
            assertThat(status.details().leavesIn()).isEmpty();
            assertThat(status.details().connections()).hasSize(1);
            DaemonStatus.ConnectionStatus user = status.details().connections().get(0);
            assertThat(user.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(user.doing())
                    .extracting(DaemonStatus.Activity::method, DaemonStatus.Activity::state)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("gate", "pending"));
            Daemon whole = at(PATIENCE);
            assertThat(whole.fingerprint()).containsKeys("classPath", "jvm", "jvmOptions");
            assertThat(whole.history()).hasSize(1);
            connection.rpc().open();
            assertThat(gate.join()).isEqualTo("open");
            assertThat(lab.status().orElseThrow().details().answered()).isEqualTo(2);
            assertThat(entries()).hasSize(1).allSatisfy(entry -> {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
                        .isEqualTo("rw-------");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home().resolve("index"))))
                        .isEqualTo("rwx------");
            });
        }
        // It has an hour to live, and counts it.
        Daemon unused = at(PATIENCE);
        assertThat(unused.status().orElseThrow().details().leavesIn().orElseThrow())
                .isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
        assertThat(unused.stop(PATIENCE)).isTrue();
        assertThat(here()).isEmpty();
        assertThat(entries()).isEmpty();
        Daemon gone = at(PATIENCE);
        assertThat(gone.state()).isEqualTo(Daemon.State.NOT_RUNNING);
        assertThat(gone.stop(PATIENCE)).isFalse();
        assertThat(gone.history()).extracting(DaemonEvent::started).containsExactly(true, false);
    }

    @Test
    void oneThatDrainsIsListedBesideItsSuccessor() throws Exception {
        AutoDaemon<Lab> lab = lab().build();
        try (Connection<Lab> old = lab.connect()) {
            old.rpc().retire();
            try (Connection<Lab> next = lab.connect()) {
                Daemon retiring = find(Daemon.State.RETIRING);
                assertThat(retiring.pid()).isEqualTo(old.pid());
                assertThat(find(Daemon.State.SERVING).pid()).isEqualTo(next.pid());
                assertThatThrownBy(() -> retiring.stop(Duration.ofMillis(1)))
                        .isInstanceOf(UnreachableException.class)
                        .hasMessageContaining("is still there after 1 ms");
                assertThat(retiring.kill(Duration.ofMillis(1))).isTrue();
                Processes.awaitEnd(ProcessHandle.of(old.pid().orElseThrow()).orElseThrow());
                assertThat(next.rpc().add(1)).isEqualTo(1);
            }
        }
    }

    @Test
    void whatOneThatDiedLeftIsMarkedAndRemoved() throws Exception {
        ProcessHandle process = start();
        process.destroyForcibly();
        Processes.awaitEnd(process);
        Daemon dead = find(Daemon.State.LEFTOVER);
        assertThat(dead.leftovers()).startsWith(scratch.socket()).hasSize(2);
        assertThat(dead.kill(PATIENCE)).isFalse();
        assertThat(dead.clean()).isEqualTo(dead.leftovers());
        assertThat(scratch.socket()).doesNotExist();
        assertThat(here()).isEmpty();
        assertThat(dead.clean()).isEmpty();
    }

    /** Between the look and the clean somebody starts it anew. */
    @Test
    void whatIsAliveAgainIsNotRemoved() throws Exception {
        ProcessHandle process = start();
        process.destroyForcibly();
        Processes.awaitEnd(process);
        Daemon dead = find(Daemon.State.LEFTOVER);
        ProcessHandle next = start();
        assertThat(dead.clean()).doesNotContain(scratch.socket());
        assertThat(find(Daemon.State.SERVING).pid()).hasValue(next.pid());
    }

    @Test
    void aStoppedOneDoesNotRespondAndIsKilledWhenThatIsWanted() throws Exception {
        ProcessHandle process = start();
        Processes.signal(process.pid(), "STOP");
        Daemon silent = at(Duration.ofMillis(50));
        assertThat(silent.state()).isEqualTo(Daemon.State.NOT_RESPONDING);
        assertThat(silent.pid()).hasValue(process.pid());
        assertThat(silent.note()).isEqualTo("it has not answered for 50 ms");
        assertThat(silent.clean()).isEmpty();
        assertThat(silent.kill(Duration.ofMillis(50))).isTrue();
        Processes.awaitEnd(process);
    }

    @Test
    void garbageInTheIndexIsIgnored() throws Exception {
        start();
        String entry = Files.readString(entries().get(0));
        for (String content : List.of(
                "",
                "{",
                "[]",
                "{\"socket\":1}",
                entry.replace("\"pid\":", "\"pid\":\"x\",\"q\":"),
                "\0",
                "x".repeat(70_000))) {
            Path garbage = home().resolve("index").resolve("garbage.daemon");
            Files.writeString(garbage, content);
            try {
                assertThat(here()).hasSize(1);
            } finally {
                Files.delete(garbage);
            }
        }
    }

    /** An entry that names a process that is not the daemon gets nobody signalled. */
    @Test
    void aForeignProcessInTheIndexIsNotTouched() throws Exception {
        ProcessHandle daemon = start();
        Path entry = entries().get(0);
        String text = Files.readString(entry);
        assertThat(at(PATIENCE).stop(PATIENCE)).isTrue();
        Processes.awaitEnd(daemon);
        Process bystander = new ProcessBuilder("sleep", "60").start();
        try {
            String started = Files.readString(Path.of("/proc/" + bystander.pid() + "/stat"))
                    .replaceAll("(?s).*\\) ", "")
                    .split(" ", -1)[19];
            Files.writeString(
                    entry,
                    text.replaceAll("\"pid\":\\d+", "\"pid\":" + bystander.pid())
                            .replaceAll("\"started\":\\d+", "\"started\":" + started));
            Daemon said = find(Daemon.State.RETIRING);
            assertThat(said.pid()).hasValue(bystander.pid());
            assertThatThrownBy(() -> said.kill(Duration.ofMillis(1)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("it was not killed");
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly().waitFor();
            Files.delete(entry);
        }
    }

    private ProcessHandle start() {
        try (Connection<Lab> connection = lab().build().connect()) {
            return ProcessHandle.of(connection.pid().orElseThrow()).orElseThrow();
        }
    }
}
