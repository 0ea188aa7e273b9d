package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which calls run at once, on which threads, and whose turn it is; over real connections to a service in this process. */
@Timeout(120)
class ConcurrencyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The calls that run at once in the largest test. */
    private static final int MANY = 1000;

    interface Yard {
        /** Waits for a permit of the test. */
        CompletableFuture<Integer> permitted(int n);

        CompletableFuture<String> quick();

        /** Waits until {@link #MANY} of these calls run. */
        CompletableFuture<Boolean> together();

        CompletableFuture<String> continued();

        String thread();

        boolean virtual();
    }

    static final class YardService implements Service<Yard> {
        static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
        static volatile Semaphore permits = new Semaphore(0);
        static volatile CountDownLatch all = new CountDownLatch(MANY);
        static volatile CompletableFuture<String> elsewhere = new CompletableFuture<>();

        @Override
        public Yard connected(Client client) {
            return new Yard() {
                @Override
                public CompletableFuture<Integer> permitted(int n) {
                    if (n == 0) {
                        EVENTS.add("first begins");
                    }
                    permits.acquireUninterruptibly();
                    if (n == 0) {
                        EVENTS.add("first ends");
                    }
                    return CompletableFuture.completedFuture(n);
                }

                @Override
                public CompletableFuture<String> quick() {
                    return CompletableFuture.completedFuture("quick");
                }

                @Override
                public CompletableFuture<Boolean> together() {
                    all.countDown();
                    try {
                        all.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return CompletableFuture.completedFuture(virtual());
                }

                @Override
                public CompletableFuture<String> continued() {
                    return elsewhere.thenApplyAsync(
                            text -> {
                                EVENTS.add("continued");
                                return text;
                            },
                            client.turn());
                }

                @Override
                public String thread() {
                    return Thread.currentThread().getName();
                }

                @Override
                public boolean virtual() {
                    try {
                        return Runtime.version().feature() >= 21
                                && (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private final List<Server> servers = new ArrayList<>();

    @BeforeEach
    void reset() {
        YardService.EVENTS.clear();
        YardService.permits = new Semaphore(0);
        YardService.all = new CountDownLatch(MANY);
        YardService.elsewhere = new CompletableFuture<>();
    }

    @AfterEach
    void leave() throws Exception {
        YardService.permits.release(1_000_000);
        for (Server server : servers) {
            server.close();
            server.gone().get();
        }
    }

    private AutoDaemonBuilder<Yard> yard() {
        return AutoDaemon.of(Yard.class, YardService.class).socket(scratch.socket());
    }

    private AutoDaemon<Yard> serve(AutoDaemonBuilder<Yard> builder) {
        AutoDaemon<Yard> description = builder.build();
        servers.add(description.createServer().listen());
        return description;
    }

    @Test
    void aThousandBlockingCallsRunAtOnce() {
        try (Connection<Yard> connection = serve(yard().concurrent(MANY)).connect()) {
            List<CompletableFuture<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                calls.add(connection.rpc().together());
            }
            boolean expected = Runtime.version().feature() >= 21;
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(expected));
        }
    }

    @Test
    void callsOfAConcurrentServiceAreOnVirtualThreadsWhereThereAreSome() {
        try (Connection<Yard> connection = serve(yard().concurrent(2)).connect()) {
            boolean expected = Runtime.version().feature() >= 21;
            assertThat(connection.rpc().virtual()).isEqualTo(expected);
            assertThat(connection.rpc().thread()).isEqualTo(expected ? "auto-daemon-call" : "auto-daemon-worker");
        }
    }

    @Test
    void callsOfASerialServiceAreOnPlatformThreads() {
        try (Connection<Yard> connection = serve(yard()).connect()) {
            assertThat(connection.rpc().virtual()).isFalse();
            assertThat(connection.rpc().thread()).isIn("auto-daemon-server", "auto-daemon-worker");
        }
    }

    @Test
    void theTurnTakesAContinuationWhenTheCallBeforeItIsOver() throws Exception {
        try (Connection<Yard> connection = serve(yard()).connect()) {
            CompletableFuture<String> continued = connection.rpc().continued();
            CompletableFuture<Integer> holds = connection.rpc().permitted(0);
            assertThat(YardService.EVENTS.take()).isEqualTo("first begins");
            YardService.elsewhere.complete("text");
            assertThat(YardService.EVENTS).isEmpty();
            YardService.permits.release();
            assertThat(continued.get()).isEqualTo("text");
            assertThat(holds.get()).isZero();
            assertThat(YardService.EVENTS).containsExactly("first ends", "continued");
        }
    }

    /** Continued before it is answered, so it is the connection that completes it and not the thread that continues it. */
    @Test
    void aContinuationMayCallAndIsNotOnTheThreadThatReads() throws Exception {
        try (Connection<Yard> connection = serve(yard()).connect()) {
            List<String> seen = new ArrayList<>();
            CompletableFuture<Void> done = connection.rpc().permitted(1).thenAccept(n -> {
                seen.add(Thread.currentThread().getName());
                seen.add(connection.rpc().thread());
            });
            YardService.permits.release();
            done.get();
            assertThat(seen).hasSize(2).first().isEqualTo("auto-daemon-worker");
        }
    }

    @Test
    void whoPipelinesAHundredThousandSlowCallsDoesNotStarveAnother() throws Exception {
        int calls = 100_000;
        AutoDaemon<Yard> yard = serve(yard());
        try (Connection<Yard> many = yard.connect();
                Connection<Yard> one = yard.connect()) {
            CompletableFuture<Long> sum = new CompletableFuture<>();
            Scratch.inThread(() -> {
                List<CompletableFuture<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < calls; i++) {
                    answers.add(many.rpc().permitted(i));
                }
                sum.complete(answers.stream().mapToLong(CompletableFuture::join).sum());
            });
            assertThat(YardService.EVENTS.take()).isEqualTo("first begins");
            while (yard.status().orElseThrow().waiting() < 1000) {
                Thread.onSpinWait();
            }
            CompletableFuture<String> first = one.rpc().quick();
            // Answered behind the call: when it is there, the call waits for its turn.
            DaemonStatus status = one.status(PATIENCE).orElseThrow();
            assertThat(status.waiting()).isBetween(1000, 10_000);
            // One of the first client's runs, one comes before the other client is introduced, one before its call.
            YardService.permits.release(3);
            assertThat(first.get()).isEqualTo("quick");
            YardService.permits.release(calls);
            assertThat(sum.get()).isEqualTo(calls * (calls - 1L) / 2);
        }
    }

    @Test
    void theDaemonReadsNoMoreThanMayWait() throws Exception {
        AutoDaemon<Yard> yard = serve(yard().maxQueued(10));
        try (Connection<Yard> connection = yard.connect()) {
            int calls = 20_000;
            CompletableFuture<Long> sum = new CompletableFuture<>();
            Scratch.inThread(() -> {
                List<CompletableFuture<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < calls; i++) {
                    answers.add(connection.rpc().permitted(i));
                }
                sum.complete(answers.stream().mapToLong(CompletableFuture::join).sum());
            });
            assertThat(YardService.EVENTS.take()).isEqualTo("first begins");
            // Of the ten at which it stops reading some may have begun; it goes on when five are left.
            while (yard.status().orElseThrow().waiting() <= 5) {
                Thread.onSpinWait();
            }
            // What came in the same read as the tenth is there as well: 64 KiB at most.
            assertThat(yard.status().orElseThrow().waiting()).isLessThan(4000);
            YardService.permits.release(calls);
            assertThat(sum.get()).isEqualTo(calls * (calls - 1L) / 2);
        }
        assertThatThrownBy(() -> yard().maxQueued(0)).hasMessage("maxQueued must be positive, not 0");
        assertThatThrownBy(() -> yard().concurrent(0)).hasMessage("concurrent must be positive, not 0");
    }
}
