package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers in the foreground, in this process. */
@Timeout(60)
class ServerTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private static void end(Server server) throws Exception {
        server.close();
        server.gone().get();
    }

    @Test
    void listensWhenToldTo() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Server server = lab.createServer();
        assertThat(server.ready()).isNotDone();
        assertThat(lab.connectIfRunning()).isEmpty();
        server.listen();
        assertThat(server.ready()).isCompletedWithValue(scratch.socket());
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(ProcessHandle.current().pid());
        }
        end(server);
        assertThat(server.gone()).isCompletedWithValue("closed by the service");
        assertThat(scratch.socket()).doesNotExist();
    }

    @Test
    void aServiceObjectOfOnesOwn() throws Exception {
        LabService service = new LabService();
        AutoDaemon<Lab> lab = scratch.lab().build();
        Server server = lab.createServer(service).listen();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(3)).isEqualTo(3);
        }
        end(server);
    }

    @Test
    void onASocketOfTheCallers() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (ServerSocketChannel given = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel elsewhere = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            given.bind(UnixDomainSocketAddress.of(scratch.socket()));
            elsewhere.bind(UnixDomainSocketAddress.of(scratch.directory().resolve("elsewhere")));
            assertThatThrownBy(() -> lab.createServer().listen(elsewhere))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("and not to " + scratch.socket());
            Server server = lab.createServer().listen(given);
            try (Connection<Lab> connection = lab.connect()) {
                assertThat(connection.pid()).hasValue(ProcessHandle.current().pid());
                assertThat(server.stop(Duration.ofSeconds(30))).isTrue();
            }
            assertThat(scratch.socket()).exists();
            assertThat(given.isOpen()).isFalse();
        }
    }

    @Test
    void stopWaitsForWhatRunsAndNoLonger() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Server server = lab.createServer().listen();
        try (Connection<Lab> connection = lab.connect()) {
            CompletableFuture<String> gate = connection.rpc().gate();
            while (lab.status().orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            assertThat(server.stop(Duration.ofMillis(1))).isFalse();
            gate.cancel(false);
            assertThat(server.stop(Duration.ofSeconds(30))).isTrue();
            assertThat(server.gone().get()).isEqualTo("stopped by the program that it runs in");
        }
    }

    @Test
    void thePidFileIsThereWhenItIsReadyAndGoesWithIt() throws Exception {
        Path pidFile = scratch.directory().resolve("pid");
        Server server = scratch.lab().pidFile(pidFile).build().createServer().listen();
        assertThat(server.ready()).isCompleted();
        assertThat(pidFile).hasContent(Long.toString(ProcessHandle.current().pid()));
        end(server);
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void aLiveInstanceIsNotDisturbed() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            long pid = connection.rpc().pid();
            Server second = lab.createServer();
            assertThatThrownBy(second::listen)
                    .isInstanceOfSatisfying(AddressInUseException.class, e -> assertThat(e.pid())
                            .hasValue(pid))
                    .hasMessage("a daemon already serves " + scratch.socket() + " (pid " + pid + ")");
            assertThat(second.ready()).isCompletedExceptionally();
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    @Test
    void twoInOneProcess() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Server first = lab.createServer().listen();
        assertThatThrownBy(() -> lab.createServer().listen()).isInstanceOf(AddressInUseException.class);
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        end(first);
    }

    @Test
    void aDeadInstanceIsTakenOver() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            daemon.destroyForcibly();
            Processes.awaitEnd(daemon);
        }
        assertThat(scratch.socket()).exists();
        Server server = lab.createServer().listen();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(ProcessHandle.current().pid());
        }
        end(server);
    }

    @Test
    void whatIsNotASocketIsLeftAsItIs() throws Exception {
        Files.writeString(scratch.socket(), "precious");
        Server server = scratch.lab().build().createServer();
        assertThatThrownBy(server::listen)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("is a regular file, not a socket");
        assertThat(scratch.socket()).hasContent("precious");
    }

    @Test
    void nothingIsForOthers() throws Exception {
        Server server = scratch.lab().build().createServer().listen();
        try (var files = Files.list(scratch.directory())) {
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .endsWith("------"));
        }
        end(server);
    }

    /** Parity row 20. */
    @Test
    void theServiceIsAskedOnceForEachConnection() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Server server = lab.createServer().listen();
        try (Connection<Lab> one = lab.connect();
                Connection<Lab> two = lab.connect()) {
            one.rpc().get();
            one.rpc().get();
            two.rpc().get();
            assertThat(two.rpc().clients()).isEqualTo(2);
        }
        end(server);
    }

    @Test
    void aServiceThatRefusesAClientSaysSoInEachCall() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().args("refuse").build();
        Server server = lab.createServer().listen();
        try (Connection<Lab> connection = lab.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> connection.rpc().get())
                        .isInstanceOf(RemoteException.class)
                        .hasMessageContaining("no clients today");
            }
        }
        end(server);
    }

    @Test
    void closingTheConnectionFromTheServiceIsSeenAtOnce() throws Exception {
        AutoDaemon<Echo> echo = AutoDaemon.of(Echo.class, EchoService.class)
                .socket(scratch.socket())
                .build();
        Server server = echo.createServer().listen();
        try (Connection<Echo> connection = echo.connect()) {
            assertThat(connection.rpc().isOpen()).isTrue();
            assertThatThrownBy(() -> connection.rpc().hangUp()).isInstanceOf(ConnectionLostException.class);
        }
        end(server);
    }

    interface Echo {
        boolean isOpen();

        void hangUp();
    }

    static final class EchoService implements Service<Echo> {
        @Override
        public Echo connected(Client client) {
            return new Echo() {
                @Override
                public boolean isOpen() {
                    return client.connection().isOpen();
                }

                @Override
                public void hangUp() {
                    try {
                        client.connection().close();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            };
        }
    }
}
