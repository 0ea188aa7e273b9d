package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.Connection;
import io.github.autodaemon.ConnectionLostException;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.testing.Processes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever waits for an answer that cannot come any more is told. npm's client waits for ever. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LostConnectionTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private static void assertLost(CompletableFuture<?> call) {
        assertThat(call)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(ConnectionLostException.class, lost -> assertThat(lost.mayHaveRun())
                        .isTrue());
    }

    private static void assertNothingIsServed(Connection<Workshop> connection) {
        assertThatThrownBy(() -> connection.rpc().add(1)).isInstanceOf(ConnectionLostException.class);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void callsAndStreamsFailWhenAJavaDaemonIsKilled() throws IOException {
        Connection<Workshop> connection = workplace.connect();
        CompletableFuture<String> call = connection.rpc().never();
        Duplex stream = connection.rpc().mirror();
        stream.output().write('x');
        assertThat(stream.input().read()).isEqualTo('x');
        Processes.kill(workplace.daemon().pid());
        assertLost(call);
        assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
        assertNothingIsServed(connection);
        assertThat(workplace.connect().rpc().add(1)).isEqualTo(1);
    }

    @Test
    void callsFailWhenTheConnectionIsClosedHere() {
        Connection<Workshop> connection = workplace.connect();
        Connection<Workshop> other = workplace.connect();
        CompletableFuture<String> call = connection.rpc().never();
        connection.close();
        assertLost(call);
        assertNothingIsServed(connection);
        assertThat(other.rpc().add(1)).isEqualTo(1);
    }

    @Test
    void callsFailWhenTheDaemonClosesTheConnection() {
        Connection<Workshop> connection = workplace.connect();
        Connection<Workshop> other = workplace.connect();
        CompletableFuture<String> call = connection.rpc().never();
        connection.rpc().close();
        assertLost(call);
        assertNothingIsServed(connection);
        // A daemon that has left its socket serves the connections it has.
        assertThat(other.rpc().add(1)).isEqualTo(1);
    }

    @Test
    @WithNode
    void callsAndStreamsFailWhenNpmsDaemonIsKilled() throws IOException {
        Connection<Workshop> connection = workplace.connect(workplace.npmDaemon());
        CompletableFuture<String> call = connection.rpc().never();
        Duplex stream = connection.rpc().mirror();
        stream.output().write('x');
        assertThat(stream.input().read()).isEqualTo('x');
        Processes.kill(workplace.daemon().pid());
        assertLost(call);
        assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
        assertNothingIsServed(connection);
    }

    @Test
    @WithNode
    void npmsClientEndsWhenAJavaDaemonIsKilled() {
        workplace.connect();
        NodeProcess client = workplace.node("outstanding.js");
        assertThat(client.line()).isEqualTo("\"waiting\"");
        Processes.kill(workplace.daemon().pid());
        assertThat(client.finish()).containsExactly("\"closed\"");
    }
}
