package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits to the time of calls of every kind: with sequences, streams, futures, and without an answer. */
@Timeout(60)
class TimeLimitTest {
    private static final int LARGE = 4_000_000;
    private static final Duration SHORT = Duration.ofMillis(50);

    interface Slow {
        /** Takes one value and then no more. */
        int stuck(Sequence<Integer> numbers);

        /** One value, and nothing then. */
        Sequence<Integer> pausing();

        /** Each value twice, and nothing after the first. */
        Sequence<Integer> pausingWith(Sequence<Integer> numbers);

        int sum(Sequence<Integer> numbers);

        /** Holds the turn. */
        CompletableFuture<String> block();

        CompletableFuture<Integer> echoLater(String text);

        int length(String text);

        @OneWay
        void note(String text);

        Duplex stream(String text);
    }

    static final class SlowService implements Service<Slow> {
        static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
        static volatile CountDownLatch finish = new CountDownLatch(1);

        private static void waitForEver() {
            EVENTS.add("begun");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                EVENTS.add("interrupted");
            }
        }

        @Override
        public Slow connected(Client client) {
            return new Slow() {
                @Override
                public int stuck(Sequence<Integer> numbers) {
                    int first = numbers.iterator().next();
                    waitForEver();
                    return first;
                }

                @Override
                public Sequence<Integer> pausing() {
                    return Sequence.produce(sink -> {
                        sink.put(1);
                        waitForEver();
                    });
                }

                @Override
                public Sequence<Integer> pausingWith(Sequence<Integer> numbers) {
                    return Sequence.produce(sink -> {
                        sink.put(2 * numbers.iterator().next());
                        waitForEver();
                    });
                }

                @Override
                public int sum(Sequence<Integer> numbers) {
                    EVENTS.add("summing");
                    int sum = 0;
                    for (int number : numbers) {
                        sum += number;
                    }
                    return sum;
                }

                @Override
                public CompletableFuture<String> block() {
                    EVENTS.add("blocking");
                    try {
                        finish.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return CompletableFuture.completedFuture("done");
                }

                @Override
                public CompletableFuture<Integer> echoLater(String text) {
                    return CompletableFuture.completedFuture(text.length());
                }

                @Override
                public int length(String text) {
                    return text.length();
                }

                @Override
                public void note(String text) {
                    EVENTS.add("noted");
                }

                @Override
                public Duplex stream(String text) {
                    EVENTS.add("streaming");
                    return Duplex.serve(stream -> stream.input().transferTo(stream.output()));
                }
            };
        }
    }

    private enum Kind {
        OWN,
        SHARED,
        IN_PROCESS
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private @Nullable Server server;
    private @Nullable Connection<Slow> connection;

    private Connection<Slow> connect(Kind kind) {
        return connect(kind, 1000);
    }

    private Connection<Slow> connect(Kind kind, int queued) {
        SlowService.EVENTS.clear();
        SlowService.finish = new CountDownLatch(1);
        AutoDaemonBuilder<Slow> builder = AutoDaemon.of(Slow.class, SlowService.class)
                .socket(scratch.socket())
                .maxQueued(queued);
        Connection<Slow> made;
        if (kind == Kind.IN_PROCESS) {
            made = builder.inProcess(true).build().connect();
        } else {
            AutoDaemon<Slow> description = builder.build();
            Server serving = description.createServer().listen();
            server = serving;
            made = description.connect();
            assertThat(made.rpc().length("1")).isEqualTo(1);
            if (kind == Kind.SHARED) {
                // Nobody listens any more, so no connection for a stream can be made.
                serving.close();
            }
        }
        connection = made;
        return made;
    }

    @AfterEach
    void close() {
        SlowService.finish.countDown();
        if (connection != null) {
            connection.close();
        }
        if (server != null) {
            server.close();
            server.gone().join();
        }
    }

    private static String event() throws InterruptedException {
        String event = SlowService.EVENTS.poll(50, TimeUnit.SECONDS);
        return event == null ? "nothing happened" : event;
    }

    /** On a busy machine a call may be overdue before it begins, and then it never does. */
    private static void untilOneHasBegun(Runnable overdueCall) throws InterruptedException {
        do {
            overdueCall.run();
        } while (SlowService.EVENTS.isEmpty());
        assertThat(event()).isEqualTo("begun");
        assertThat(event()).isEqualTo("interrupted");
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatTakesASequenceIsOverdueAndInterrupted(Kind kind) throws Exception {
        Connection<Slow> slow = connect(kind);
        String message = "the call of \"stuck\" was not answered within 50 ms; it may have run, and was cancelled";
        untilOneHasBegun(() -> assertThatThrownBy(() -> slow.rpc(SHORT).stuck(Sequence.of(List.of(1, 2))))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage(message));
        assertThat(slow.rpc(Duration.ofHours(1)).sum(Sequence.of(List.of(1, 2))))
                .isEqualTo(3);
    }

    /**
     * The service does not take what is sent, so the sending does not end by itself. Where streams share the connection, nobody reads
     * there either that the caller has stopped.
     */
    @ParameterizedTest
    @EnumSource(names = {"OWN", "IN_PROCESS"})
    void soIsOneThatCannotSendItsSequence(Kind kind) throws Exception {
        Connection<Slow> slow = connect(kind);
        Sequence.Producer<Integer> endless = sink -> {
            while (true) {
                sink.put(1);
            }
        };
        untilOneHasBegun(() -> assertThatThrownBy(() -> slow.rpc(SHORT).stuck(Sequence.produce(endless)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("not answered within 50 ms"));
        assertThat(slow.rpc().length("12")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aSequenceThatGivesNoValueInTimeIsOverdueAndItsProducerInterrupted(Kind kind) throws Exception {
        Connection<Slow> slow = connect(kind);
        untilOneHasBegun(
                () -> assertThatThrownBy(() -> slow.rpc(SHORT).pausing().forEach(number -> assertThat(number)
                                .isEqualTo(1)))
                        .isInstanceOf(CallTimeoutException.class)
                        .hasMessage("no value of the sequence of \"pausing\" came within 50 ms; it was cancelled"));
        untilOneHasBegun(() -> assertThatThrownBy(() -> slow.rpc(SHORT)
                        .pausingWith(Sequence.of(List.of(4, 5)))
                        .forEach(number -> assertThat(number).isEqualTo(8)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("\"pausingWith\" came within 50 ms"));
        assertThat(slow.rpc().length("12")).isEqualTo(2);
    }

    /** Nobody can wait for its result any more. */
    @ParameterizedTest
    @EnumSource
    void whoIsInterruptedInACallWithASequenceIsToldThatItWasCancelled(Kind kind) throws Exception {
        Connection<Slow> slow = connect(kind);
        Sequence<Integer> interrupting = Sequence.produce(sink -> {
            sink.put(1);
            Thread.currentThread().interrupt();
        });
        assertThatThrownBy(() -> slow.rpc().stuck(interrupting))
                .isExactlyInstanceOf(AutoDaemonException.class)
                .hasMessage("interrupted during the call of \"stuck\", which may have run, and was cancelled;"
                        + " the connection goes on");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(slow.rpc().length("12")).isEqualTo(2);
    }

    @Test
    void theDescriptionLimitsThemToo() throws Exception {
        connect(Kind.OWN);
        AutoDaemon<Slow> limited = AutoDaemon.of(Slow.class, SlowService.class)
                .socket(scratch.socket())
                .callTimeout(SHORT)
                .build();
        try (Connection<Slow> other = limited.connect()) {
            untilOneHasBegun(() -> assertThatThrownBy(() -> other.rpc().stuck(Sequence.of(List.of(1))))
                    .isInstanceOf(CallTimeoutException.class));
        }
    }

    /** As a call that waits for its turn, when nobody waits for it any more. */
    @ParameterizedTest
    @EnumSource
    void whatIsOverdueBeforeItsTurnNeverBegins(Kind kind) throws Exception {
        Connection<Slow> slow = connect(kind);
        CompletableFuture<String> blocked = slow.rpc().block();
        assertThat(event()).isEqualTo("blocking");
        assertThatThrownBy(() -> slow.rpc(SHORT).sum(Sequence.of(List.of(1)))).isInstanceOf(CallTimeoutException.class);
        slow.rpc().stream("").cancel("not wanted");
        // The daemon has read by then what was sent before.
        assertThat(slow.status(Duration.ofSeconds(50))).isPresent();
        SlowService.finish.countDown();
        assertThat(blocked.get(50, TimeUnit.SECONDS)).isEqualTo("done");
        slow.rpc().note("");
        assertThat(event()).isEqualTo("noted");
    }

    /** Whatever is called, and though nothing can be sent: the daemon reads none of it. */
    @ParameterizedTest
    @EnumSource
    void nobodyWaitsLongerThoughTheDaemonReadsNothing(Kind kind) throws Exception {
        Connection<Slow> slow = connect(kind, 1);
        CompletableFuture<String> blocked = slow.rpc().block();
        assertThat(event()).isEqualTo("blocking");
        CompletableFuture<Integer> queued = slow.rpc().echoLater("123");
        String text = "x".repeat(LARGE);
        Slow limited = slow.rpc(SHORT);
        assertThatThrownBy(() -> limited.stream(text))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("\"stream\" was not answered within 50 ms");
        assertThatThrownBy(() -> limited.note(text))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("the call of \"note\" was not sent within 50 ms; it may still run");
        assertThatThrownBy(() -> limited.length(text)).isInstanceOf(CallTimeoutException.class);
        assertThatThrownBy(() -> limited.sum(Sequence.of(List.of(1)))).isInstanceOf(CallTimeoutException.class);
        assertThatThrownBy(() -> limited.echoLater(text).get(50, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(CallTimeoutException.class);
        SlowService.finish.countDown();
        assertThat(blocked.get(50, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(queued.get(50, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(slow.rpc().length("12")).isEqualTo(2);
    }
}
