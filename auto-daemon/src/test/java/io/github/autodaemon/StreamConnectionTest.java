package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.StreamEnds.Kind;
import io.github.autodaemon.contract.StreamContract;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every stream of a connection promises about the connection. */
@Timeout(120)
class StreamConnectionTest {
    @RegisterExtension
    final StreamEnds ends = new StreamEnds();

    private Duplex here = Duplex.pair().left();
    private Duplex there = here;

    private void open(Kind kind) throws InterruptedException {
        Duplex.Pair pair = ends.open(kind);
        here = pair.left();
        there = pair.right();
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "OWN", "IN_PROCESS"})
    void theEndOfTheConnectionEndsItsStreams(Kind kind) throws Exception {
        open(kind);
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<Throwable> reader =
                StreamContract.thrownBy(() -> here.input().read(), begun);
        CompletableFuture<Throwable> other =
                StreamContract.thrownBy(() -> there.input().read(), begun);
        begun.await();
        ends.connection().close();
        assertThat(reader.get(60, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(other.get(60, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> here.output().write(1)).isInstanceOf(IOException.class);
    }

    /** All that was sent before is read, though the connection is over: the client wrote, ended and left. */
    @ParameterizedTest
    @EnumSource(names = {"SHARED", "OWN", "IN_PROCESS"})
    void whatWasSentBeforeTheConnectionEndedIsRead(Kind kind) throws Exception {
        open(kind);
        byte[] sent = new byte[50_000];
        new Random(3).nextBytes(sent);
        here.output().write(sent);
        here.output().close();
        here.close();
        ends.connection().close();
        assertThat(there.input().readAllBytes()).isEqualTo(sent);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "OWN", "IN_PROCESS"})
    void callsGoOnWhileAStreamIsNotRead(Kind kind) throws Exception {
        open(kind);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Throwable> writer = StreamContract.thrownBy(
                () -> {
                    byte[] piece = new byte[100_000];
                    while (true) {
                        there.output().write(piece);
                    }
                },
                begun);
        begun.await();
        for (int i = 0; i < (kind == Kind.SHARED ? 10 : 1000); i++) {
            assertThat(ends.connection().rpc().ping(i)).isEqualTo(i);
        }
        here.cancel("not wanted");
        assertThat(writer.get(60, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
}
