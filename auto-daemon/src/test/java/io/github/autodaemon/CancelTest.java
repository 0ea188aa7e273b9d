package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A call that nobody wants any more ends in the daemon, too, and the connection goes on. */
@Timeout(60)
class CancelTest {
    interface Slow {
        /** Waits until it is interrupted, and says what it saw. */
        String block();

        CompletableFuture<String> blockLater();

        CompletableFuture<String> pend();

        long timeLeftMillis();

        CompletableFuture<Integer> add(int n);

        int sum();

        @OneWay
        void note(String text);

        Duplex stream();
    }

    static final class SlowService implements Service<Slow> {
        static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
        static volatile CountDownLatch finish = new CountDownLatch(1);
        private int sum;

        @Override
        public Slow connected(Client client) {
            return new Slow() {
                @Override
                public String block() {
                    EVENTS.add("begun");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        EVENTS.add("interrupted, cancelled: " + client.isCancelled());
                    }
                    return "done";
                }

                @Override
                public CompletableFuture<String> blockLater() {
                    return CompletableFuture.completedFuture(block());
                }

                @Override
                public CompletableFuture<String> pend() {
                    CompletableFuture<String> future = new CompletableFuture<>();
                    var unused = future.whenComplete((value, thrown) -> EVENTS.add(String.valueOf(thrown)));
                    EVENTS.add("pending");
                    return future;
                }

                @Override
                public long timeLeftMillis() {
                    return client.timeLeft().map(Duration::toMillis).orElse(-1L);
                }

                @Override
                public CompletableFuture<Integer> add(int n) {
                    sum += n;
                    return CompletableFuture.completedFuture(sum);
                }

                @Override
                public int sum() {
                    return sum;
                }

                @Override
                public void note(String text) {
                    EVENTS.add("begun");
                    try {
                        finish.await();
                        EVENTS.add(text);
                    } catch (InterruptedException e) {
                        EVENTS.add("interrupted");
                    }
                }

                @Override
                public Duplex stream() {
                    return Duplex.serve(stream -> {
                        EVENTS.add("serving");
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            EVENTS.add("stream interrupted");
                        }
                    });
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private AutoDaemon<Slow> description =
            AutoDaemon.of(Slow.class, SlowService.class).name("unused").build();
    private Server server = description.createServer();
    private Connection<Slow> connection;
    private Slow slow;

    @SuppressWarnings("NullAway.Init")
    CancelTest() {}

    @BeforeEach
    void serve() {
        SlowService.EVENTS.clear();
        SlowService.finish = new CountDownLatch(1);
        description = slow().build();
        server = description.createServer().listen();
        connection = description.connect();
        slow = connection.rpc();
    }

    private AutoDaemonBuilder<Slow> slow() {
        return AutoDaemon.of(Slow.class, SlowService.class).socket(scratch.socket());
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
        server.gone().join();
    }

    private static String event() throws InterruptedException {
        String event = SlowService.EVENTS.poll(50, TimeUnit.SECONDS);
        return event == null ? "nothing happened" : event;
    }

    /** On a busy machine a call may be overdue before it begins, and then it never does. */
    private static void untilOneHasBegun(Runnable overdueCall) {
        do {
            overdueCall.run();
        } while (SlowService.EVENTS.isEmpty());
    }

    @Test
    void anOverdueCallIsInterruptedAndTheConnectionGoesOn() throws Exception {
        untilOneHasBegun(() -> assertThatThrownBy(
                        () -> connection.rpc(Duration.ofMillis(50)).block())
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("the call of \"block\" was not answered within 50 ms; it may have run, and was cancelled"));
        assertThat(event()).isEqualTo("begun");
        assertThat(event()).isEqualTo("interrupted, cancelled: true");
        assertThat(slow.sum()).isZero();
    }

    @Test
    void aDescriptionMayLimitAllCallsAndAConnectionSomeOfThem() throws Exception {
        AutoDaemon<Slow> limited = slow().callTimeout(Duration.ofMillis(50)).build();
        try (Connection<Slow> other = limited.connect()) {
            untilOneHasBegun(() -> assertThatThrownBy(() -> other.rpc().block())
                    .isInstanceOf(CallTimeoutException.class)
                    .hasMessageContaining("not answered within 50 ms"));
            assertThat(event()).isEqualTo("begun");
            assertThat(event()).isEqualTo("interrupted, cancelled: true");
            assertThat(other.rpc(Duration.ofHours(1)).timeLeftMillis()).isGreaterThan(50);
        }
        assertThatThrownBy(() -> slow().callTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the timeout is not positive: PT0S");
    }

    @Test
    void anOverdueFutureIsToo() throws Exception {
        untilOneHasBegun(() -> {
            CompletableFuture<String> future =
                    connection.rpc(Duration.ofMillis(50)).pend();
            assertThatThrownBy(() -> future.get(50, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(CallTimeoutException.class);
        });
        assertThat(event()).isEqualTo("pending");
        assertThat(event()).isEqualTo("java.util.concurrent.CancellationException");
    }

    /** The daemon keeps the time by itself: its client is stopped, or gone mad. */
    @Test
    void theDeadlineTravelsWithTheCall() throws Exception {
        assertThat(slow.timeLeftMillis()).isEqualTo(-1);
        assertThat(connection.rpc(Duration.ofSeconds(40)).timeLeftMillis()).isBetween(1L, 40_000L);
        try (RawPeer peer = new RawPeer(scratch.socket())) {
            peer.send(RawPeer.joined(RawPeer.opening(), RawPeer.call("[{\"timeout\":50},\"block\",[],2]")));
            assertThat(event()).isEqualTo("begun");
            assertThat(event()).isEqualTo("interrupted, cancelled: true");
        }
    }

    @Test
    void cancellingTheFutureInterruptsTheWork() throws Exception {
        CompletableFuture<String> future = slow.blockLater();
        assertThat(event()).isEqualTo("begun");
        assertThat(future.cancel(true)).isTrue();
        assertThat(event()).isEqualTo("interrupted, cancelled: true");
        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        assertThat(slow.sum()).isZero();
    }

    @Test
    void cancellingAPendingFutureCancelsTheServices() throws Exception {
        CompletableFuture<String> future = slow.pend();
        assertThat(event()).isEqualTo("pending");
        future.cancel(false);
        assertThat(event()).isEqualTo("java.util.concurrent.CancellationException");
        assertThat(slow.sum()).isZero();
    }

    /** It never begins. */
    @Test
    void aCallThatWaitsForItsTurnIsDropped() throws Exception {
        CompletableFuture<String> first = slow.blockLater();
        assertThat(event()).isEqualTo("begun");
        CompletableFuture<Integer> second = slow.add(1);
        CompletableFuture<Integer> third = slow.add(10);
        second.cancel(true);
        first.cancel(true);
        assertThat(third.get(50, TimeUnit.SECONDS)).isEqualTo(10);
        assertThat(slow.sum()).isEqualTo(10);
    }

    @Test
    void interruptingTheCallerInterruptsTheWork() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                slow.block();
            } catch (AutoDaemonException e) {
                thrown.add(e);
            }
        });
        caller.start();
        assertThat(event()).isEqualTo("begun");
        caller.interrupt();
        caller.join();
        assertThat(event()).isEqualTo("interrupted, cancelled: true");
        assertThat(thrown).singleElement().satisfies(e -> assertThat(e)
                .hasMessage("interrupted during the call of \"block\", which may have run, and was cancelled;"
                        + " the connection goes on"));
        assertThat(slow.sum()).isZero();
    }

    /** Whatever comes after it on the same thread of the daemon is not interrupted. */
    @Test
    void anInterruptDoesNotReachTheNextCall() throws Exception {
        for (int i = 0; i < 200; i++) {
            CompletableFuture<Integer> future = slow.add(1);
            future.cancel(true);
            assertThat(connection.rpc(Duration.ofSeconds(50)).timeLeftMillis()).isPositive();
        }
        slow.note("not interrupted");
        assertThat(event()).isEqualTo("begun");
        SlowService.finish.countDown();
        assertThat(event()).isEqualTo("not interrupted");
    }

    @Test
    void losingTheClientInterruptsItsCall() throws Exception {
        Connection<Slow> other = description.connect();
        CompletableFuture<String> lost = other.rpc().blockLater();
        assertThat(event()).isEqualTo("begun");
        other.close();
        assertThat(event()).isEqualTo("interrupted, cancelled: true");
        assertThatThrownBy(lost::join).cause().isInstanceOf(ConnectionLostException.class);
        assertThat(slow.sum()).isZero();
    }

    @Test
    void losingTheClientCancelsWhatItWaitsFor() throws Exception {
        Connection<Slow> other = description.connect();
        CompletableFuture<String> lost = other.rpc().pend();
        assertThat(event()).isEqualTo("pending");
        other.close();
        assertThat(event()).isEqualTo("java.util.concurrent.CancellationException");
        assertThatThrownBy(lost::join).cause().isInstanceOf(ConnectionLostException.class);
    }

    /** Nobody waits for it, so nobody is missed. */
    @Test
    void aOneWayCallIsFinishedThoughItsClientIsGone() throws Exception {
        try (Connection<Slow> other = description.connect()) {
            other.rpc().note("finished");
            assertThat(event()).isEqualTo("begun");
        }
        while (description.status().orElseThrow().clients() > 1) {
            Thread.onSpinWait();
        }
        SlowService.finish.countDown();
        assertThat(event()).isEqualTo("finished");
    }

    @Test
    void cancellingAStreamInterruptsItsHandler() throws Exception {
        Duplex stream = slow.stream();
        assertThat(event()).isEqualTo("serving");
        stream.cancel("enough");
        assertThat(event()).isEqualTo("stream interrupted");
        assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
    }

    @Test
    void losingTheClientInterruptsTheHandlerOfItsStream() throws Exception {
        try (Connection<Slow> other = description.connect()) {
            other.rpc().stream();
            assertThat(event()).isEqualTo("serving");
        }
        assertThat(event()).isEqualTo("stream interrupted");
    }
}
