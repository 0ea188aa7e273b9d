package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Client;
import io.github.autodaemon.Connection;
import io.github.autodaemon.ConnectionLostException;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.Service;
import io.github.autodaemon.StartFailedException;
import io.github.autodaemon.testing.Processes;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our client starts npm's {@code run.js}. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JavaStartsNpmTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @Test
    void theFirstConnectStartsOneDaemonAndTheNextOneFindsIt() {
        List<Long> spawned = new CopyOnWriteArrayList<>();
        Connection<Workshop> first =
                workplace.connect(workplace.npmDaemon().onSpawn(process -> spawned.add(process.pid())));
        long pid = workplace.daemon().pid();
        assertThat(first.rpc().add(1)).isEqualTo(1);
        assertThat(first.rpc().pid()).isEqualTo(pid);
        assertThat(first.spawned().map(ProcessHandle::pid)).hasValue(pid);
        // npm's daemon does not say who it is.
        assertThat(first.pid()).isEmpty();

        Connection<Workshop> second =
                workplace.connect(workplace.npmDaemon().onSpawn(process -> spawned.add(process.pid())));
        assertThat(second.rpc().add(1)).isEqualTo(2);
        assertThat(second.spawned()).isEmpty();
        assertThat(spawned).containsExactly(pid);
        assertThat(workplace.daemon().pid()).isEqualTo(pid);
    }

    @Test
    void argumentsReachTheService() {
        assertThat(workplace
                        .connect(workplace.npmDaemon().args("one", "--two", "3"))
                        .rpc()
                        .args())
                .containsExactly("one", "--two", "3");
    }

    @Test
    void withAutoCloseTheDaemonLeavesAfterItsLastClientAndAnotherFollows() {
        Connection<Workshop> first = workplace.connect(workplace.npmDaemon().autoClose(true));
        assertThat(first.rpc().add(1)).isEqualTo(1);
        ProcessHandle daemon = workplace.daemon();
        first.close();
        Processes.awaitEnd(daemon);
        assertThat(workplace
                        .connect(workplace.npmDaemon().autoClose(true))
                        .rpc()
                        .add(1))
                .isEqualTo(1);
        assertThat(workplace.daemon().pid()).isNotEqualTo(daemon.pid());
    }

    @Test
    void theSocketOfAKilledDaemonIsReplaced() {
        assertThat(workplace.connect(workplace.npmDaemon()).rpc().add(1)).isEqualTo(1);
        ProcessHandle killed = workplace.daemon();
        Processes.kill(killed.pid());
        assertThat(workplace.socket()).exists();

        Connection<Workshop> next = workplace.connect(workplace.npmDaemon());
        assertThat(next.rpc().add(1)).isEqualTo(1);
        assertThat(next.rpc().pid()).isNotEqualTo(killed.pid());
        assertThat(workplace.daemon().pid()).isEqualTo(next.rpc().pid());
    }

    @Test
    void afterCloseTheNextConnectStartsAFreshDaemon() {
        Connection<Workshop> first = workplace.connect(workplace.npmDaemon());
        assertThat(first.rpc().add(1)).isEqualTo(1);
        ProcessHandle closed = workplace.daemon();
        first.rpc().close();
        Processes.awaitEnd(closed);
        assertThat(workplace.connect(workplace.npmDaemon()).rpc().add(1)).isEqualTo(1);
    }

    @Test
    void npmsClientFindsTheDaemonThatOursStarted() {
        workplace.connect(workplace.npmDaemon()).rpc().add(1);
        assertThat(workplace.run("call.js", "[\"add\",2]")).containsExactly("3");
    }

    @Test
    void aServiceThatDoesNotLoadIsAFailedStartWithItsReason() {
        assertThatThrownBy(() -> workplace.connect(workplace.npmDaemon(
                        workplace.file("bad.js", "throw new Error('this service is broken');"), "add")))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("this service is broken");
        assertThat(workplace.daemons()).isEmpty();
    }

    /** A number, and how npm's services end. */
    interface Counting {
        int add(int n);

        void close();
    }

    /** Says what the interface is; the service is npm's. */
    static final class CountingService implements Service<Counting> {
        @Override
        public Counting connected(Client client) {
            throw new IllegalStateException("this one is not used");
        }
    }

    /** As in the README of npm's package: it destroys the connection, and answers nothing. */
    private AutoDaemon<Counting> counting() {
        Path service = workplace.file("counting.js", """
            module.exports = function (server, stream, args) {
              var sum = 0
              return {
                add: function (n, cb) { cb(sum += n) },
                close: function () { server.close(); stream.destroy() }
              }
            }
            """);
        return AutoDaemon.of(Counting.class, CountingService.class)
                .socket(workplace.socket())
                .command("node", NpmPackages.runJs().toString(), service.toString())
                .build();
    }

    @Test
    void closeOfAServiceOfNpmsEndsWithoutAnAnswer() throws Exception {
        AutoDaemon<Counting> counting = counting();
        assertThat(counting.end(Counting::close)).isFalse();
        assertThat(workplace.daemons()).isEmpty();
        try (Connection<Counting> connection = counting.connect()) {
            assertThat(connection.rpc().add(2)).isEqualTo(2);
            connection.rpc().close();
        }
        workplace.awaitNoDaemon();
        counting.connect().close();
        assertThat(counting.end(Counting::close)).isTrue();
        workplace.awaitNoDaemon();
        counting.connect().close();
        try (Connection<Rpc> connection = workplace.connect(
                AutoDaemon.dynamic("close").socket(workplace.socket()).spawn(false))) {
            assertThat(connection.rpc().callAsync("close").get()).isNull();
        }
        workplace.awaitNoDaemon();
    }

    /** Any other call that is lost is an error. */
    @Test
    void anotherMethodThatEndsTheConnectionIsLost() {
        AutoDaemon<Rpc> lost = workplace
                .npmDaemon(
                        workplace.file(
                                "leaving.js",
                                "module.exports = function (server, stream) { return {leave: function () {"
                                        + " server.close(); stream.destroy() } } }"),
                        "leave")
                .build();
        assertThatThrownBy(() -> {
                    try (Connection<Rpc> connection = lost.connect()) {
                        connection.rpc().call("leave");
                    }
                })
                .isInstanceOf(ConnectionLostException.class);
        lost.connect().close();
        assertThat(lost.end(rpc -> rpc.call("leave"))).isTrue();
        workplace.awaitNoDaemon();
    }
}
