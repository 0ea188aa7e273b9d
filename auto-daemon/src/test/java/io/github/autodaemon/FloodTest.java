package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon with little memory and a client that calls faster than it can work. */
@Timeout(180)
class FloodTest {
    /** With what each call carries, more than the daemon's memory several times over. */
    private static final int CALLS = Integer.getInteger("flood.calls", 200_000);

    private static final String LOAD = "x".repeat(500);

    interface Sluice {
        @OneWay
        void pour(int n, String load);

        CompletableFuture<Integer> pass(int n, String load);

        /** How many have come, in their order. */
        int poured();
    }

    static final class SluiceService implements Service<Sluice> {
        private int poured;

        @Override
        public Sluice connected(Client client) {
            Path gate = Path.of(client.args().get(0));
            return new Sluice() {
                @Override
                public void pour(int n, String load) {
                    while (poured == 0 && !Files.exists(gate)) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    poured += n == poured ? 1 : 0;
                }

                @Override
                public CompletableFuture<Integer> pass(int n, String load) {
                    pour(n, load);
                    return CompletableFuture.completedFuture(poured);
                }

                @Override
                public int poured() {
                    return poured;
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private interface Call {
        void call(Sluice sluice, int n);
    }

    @Test
    void oneWayCallsBlockWhileTheServiceIsBusy() throws Exception {
        flood((sluice, n) -> sluice.pour(n, LOAD));
    }

    @Test
    void futureCallsBlockWhileTheServiceIsBusy() throws Exception {
        flood((sluice, n) -> {
            var unused = sluice.pass(n, LOAD);
        });
    }

    private void flood(Call call) throws Exception {
        Path gate = scratch.directory().resolve("gate");
        AutoDaemon<Sluice> sluice = AutoDaemon.of(Sluice.class, SluiceService.class)
                .socket(scratch.socket())
                .args(gate.toString())
                .jvmOptions("-Xmx64m", "-XX:+ExitOnOutOfMemoryError")
                .build();
        try (Connection<Sluice> connection = sluice.connect()) {
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Integer> poured = new CompletableFuture<>();
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < CALLS; i++) {
                        call.call(connection.rpc(), i);
                        sent.incrementAndGet();
                    }
                    poured.complete(connection.rpc().poured());
                } catch (RuntimeException e) {
                    poured.completeExceptionally(e);
                }
            });
            sender.start();
            while (sluice.status().orElseThrow().waiting() < 1000) {
                Thread.onSpinWait();
            }
            // It reads no more of this connection. What the socket takes is little, and then the caller waits.
            while (!waits(sender)) {
                Thread.onSpinWait();
            }
            assertThat(sluice.status().orElseThrow().waiting()).isLessThan(2000);
            assertThat(sent.get()).isLessThan(CALLS / 10);
            Files.createFile(gate);
            assertThat(poured.get()).isEqualTo(CALLS);
        }
        assertThat(sluice.stop(Duration.ofSeconds(60))).isTrue();
    }

    private static boolean waits(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("pause"));
    }
}
