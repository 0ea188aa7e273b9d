package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ConnectTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    @Test
    void theFirstStartsTheDaemonAndTheSecondFindsIt() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> first = lab.connect();
                Connection<Lab> second = lab.connect()) {
            assertThat(first.rpc().add(2)).isEqualTo(2);
            assertThat(second.rpc().add(3)).isEqualTo(5);
            assertThat(first.spawned()).isPresent();
            assertThat(second.spawned()).isEmpty();
            long pid = first.spawned().orElseThrow().pid();
            assertThat(first.pid()).hasValue(pid);
            assertThat(second.rpc().pid()).isEqualTo(pid);
        }
        assertThat(scratch.processes()).hasSize(1);
    }

    @Test
    void manyColdThreadsStartOneDaemon() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        assertThat(inParallel(20, () -> {
                    try (Connection<Lab> connection = lab.connect()) {
                        return connection.rpc().add(1);
                    }
                }))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(scratch.processes()).hasSize(1);
    }

    @Test
    void manyThreadsOverAStaleSocketStartOneDaemon() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            daemon.destroyForcibly();
            Processes.awaitEnd(daemon);
        }
        assertThat(scratch.socket()).exists();
        assertThat(inParallel(20, () -> {
                    try (Connection<Lab> connection = lab.connect()) {
                        return connection.rpc().add(1);
                    }
                }))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(scratch.processes()).hasSize(1);
    }

    @Test
    void twoColdDaemonsFromOneProcessAtOnce() throws Exception {
        AutoDaemon<Lab> other = AutoDaemon.of(Lab.class, LabService.class)
                .socket(scratch.directory().resolve("other"))
                .build();
        AutoDaemon<Lab> lab = scratch.lab().build();
        java.util.concurrent.atomic.AtomicInteger next = new java.util.concurrent.atomic.AtomicInteger();
        assertThat(inParallel(6, () -> {
                    try (Connection<Lab> connection = (next.incrementAndGet() % 2 == 0 ? lab : other).connect()) {
                        return connection.rpc().add(1);
                    }
                }))
                .containsExactlyInAnyOrder(1L, 2L, 3L, 1L, 2L, 3L);
        assertThat(scratch.daemons()).hasSize(2);
    }

    private static <R> List<R> inParallel(int threads, Callable<R> task) throws Exception {
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<R>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(() -> {
                    together.await();
                    return task.call();
                }));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void connectIfRunningStartsNothing() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        assertThat(lab.connectIfRunning()).isEmpty();
        assertThat(scratch.processes()).isEmpty();
        try (Connection<Lab> started = lab.connect();
                Connection<Lab> found = lab.connectIfRunning().orElseThrow()) {
            assertThat(found.rpc().pid()).isEqualTo(started.rpc().pid());
        }
    }

    /** By a method of its own, whichever version serves; one that does not run is not started for it. */
    @Test
    void whicheverDaemonServesIsEnded() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        assertThat(lab.end(Lab::close)).isFalse();
        assertThat(scratch.processes()).isEmpty();
        try (Connection<Lab> other =
                scratch.lab().args("other").jvmOptions("-Xmx64m").build().connect()) {
            assertThatThrownBy(() -> lab.end(rpc -> rpc.fail("not today"))).isInstanceOf(RemoteException.class);
            assertThat(other.rpc().add(1)).isEqualTo(1);
            assertThat(lab.end(Lab::close)).isTrue();
            assertThat(lab.status()).isEmpty();
        }
        // Nor does it matter how the service ends itself.
        scratch.lab().build().connect().close();
        assertThat(lab.end(rpc -> rpc.systemExit(0))).isTrue();
        assertThat(lab.end(Lab::close)).isFalse();
    }

    @Test
    void onSpawnIsToldOfTheProcessBeforeItServes() throws Exception {
        List<ProcessHandle> told = new ArrayList<>();
        AutoDaemon<Lab> lab = scratch.lab().onSpawn(told::add).build();
        try (Connection<Lab> first = lab.connect();
                Connection<Lab> second = lab.connect()) {
            assertThat(told).hasSize(1);
            assertThat(told.get(0).pid()).isEqualTo(second.rpc().pid());
            assertThat(first.spawned()).contains(told.get(0));
        }
    }

    @Test
    void aDaemonWithOtherArgumentsIsReplaced() throws Exception {
        try (Connection<Lab> old = scratch.lab().args("a").build().connect();
                Connection<Lab> replaced = scratch.lab().args("b").build().connect()) {
            assertThat(replaced.rpc().args()).containsExactly("b");
            // The old one finishes the work of its clients.
            assertThat(old.rpc().args()).containsExactly("a");
            assertThat(old.rpc().pid()).isNotEqualTo(replaced.rpc().pid());
        }
    }

    @Test
    void withoutSpawningADaemonThatDoesNotFitIsLeftAlone() {
        try (Connection<Lab> old = scratch.lab().args("a").build().connect()) {
            assertThatThrownBy(() -> scratch.lab().args("b").build().connectIfRunning())
                    .isInstanceOf(IncompatibleException.class)
                    .hasMessageContaining("args: [a] -> [b]");
            assertThat(old.rpc().args()).containsExactly("a");
        }
    }

    @Test
    void aRegularFileAtThePathIsRefusedAndLeftAsItIs() throws Exception {
        Files.writeString(scratch.socket(), "precious");
        assertThatThrownBy(() -> scratch.lab().build().connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining(scratch.socket() + " is a regular file, not a socket");
        assertThat(scratch.socket()).hasContent("precious");
        assertThat(scratch.processes()).isEmpty();
    }

    @Test
    void aDirectoryAtThePathIsRefused() throws Exception {
        Files.createDirectory(scratch.socket());
        assertThatThrownBy(() -> scratch.lab().build().connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("is a directory, not a socket");
        assertThat(scratch.socket()).isDirectory();
    }

    @Test
    void aDirectoryThatEverybodyMayWriteToIsRefused() throws Exception {
        Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> scratch.lab().build().connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("everybody may write to it (mode 0777; chmod o-w ");
        assertThat(scratch.processes()).isEmpty();
    }

    @Test
    void aPathThatIsTooLongIsRefused() {
        String name = "x".repeat(107 - scratch.directory().toString().length() - 1);
        assertThatThrownBy(() -> scratch.lab()
                        .socket(scratch.directory().resolve(name))
                        .build()
                        .connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("has 107 bytes, the limit is 106");
    }

    @Test
    void aPathOfTheGreatestLengthWorks() {
        String name = "x".repeat(106 - scratch.directory().toString().length() - 1);
        try (Connection<Lab> connection =
                scratch.lab().socket(scratch.directory().resolve(name)).build().connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    @Test
    void aStrangerAtTheSocketIsNoDaemon() throws Exception {
        try (ServerSocketChannel stranger = listen()) {
            Thread thread = new Thread(() -> {
                try (SocketChannel accepted = stranger.accept()) {
                    accepted.write(ByteBuffer.wrap("Sun Nov 22 15:32:00 UTC 2026\n".getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            thread.start();
            assertThatThrownBy(() -> scratch.lab().build().connect())
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("is not an auto-daemon");
            thread.join();
        }
        assertThat(scratch.socket()).exists();
        assertThat(scratch.processes()).isEmpty();
    }

    @Test
    void silenceIsNoAbsence() throws Exception {
        try (ServerSocketChannel silent = listen()) {
            assertThatThrownBy(() -> scratch.lab()
                            .timeout(Duration.ofMillis(200))
                            .build()
                            .connect())
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("the last step was waiting for the daemon's hello");
            assertThat(silent.isOpen()).isTrue();
        }
        assertThat(scratch.processes()).isEmpty();
    }

    /** A daemon on its way out: it closes what is in its queue. */
    @Test
    void aConnectionLostBeforeTheHelloIsMadeAgainUnseen() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        ServerSocketChannel leaving = listen();
        Thread thread = new Thread(() -> {
            try {
                leaving.accept().close();
                leaving.accept().close();
                Files.delete(scratch.socket());
                leaving.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        thread.start();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        thread.join();
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return channel.bind(UnixDomainSocketAddress.of(scratch.socket()));
    }

    @Test
    void aDescriptionWithoutServiceCannotStartOne() {
        assertThatThrownBy(() -> AutoDaemon.dynamic("add")
                        .socket(scratch.socket())
                        .build()
                        .connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("neither a service class nor a command");
    }

    @Test
    void interruptedWhileConnecting() throws Exception {
        try (ServerSocketChannel silent = listen()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> scratch.lab().build().connect())
                    .isInstanceOf(AutoDaemonException.class)
                    .hasMessageContaining("interrupted while connecting");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(silent.isOpen()).isTrue();
        }
    }
}
