package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.daemon.ServiceServer;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Methods that take and return sequences of values. */
@Timeout(60)
class SequenceTest {
    record Point(int x, @Nullable String name) {}

    interface Feed {
        Sequence<Integer> count(int to);

        Sequence<Point> points(List<Point> given);

        Sequence<String> fails(String message);

        Sequence<Integer> endless();

        int sum(Sequence<Integer> numbers);

        int firstOf(Sequence<Integer> numbers);

        void drop(String name, Sequence<Point> points, int times);

        Sequence<Integer> doubled(Sequence<Integer> numbers);

        Sequence<Integer> nothing();

        int ping(int n);

        Sequence<Integer> last();
    }

    static final class FeedService implements Service<Feed> {
        static final AtomicInteger PRODUCED = new AtomicInteger();
        static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();

        @Override
        public Feed connected(Client client) {
            return new Feed() {
                @Override
                public Sequence<Integer> count(int to) {
                    return Sequence.produce(sink -> {
                        for (int i = 1; i <= to; i++) {
                            sink.put(i);
                        }
                    });
                }

                @Override
                public Sequence<Point> points(List<Point> given) {
                    return Sequence.of(given);
                }

                @Override
                public Sequence<String> fails(String message) {
                    return Sequence.produce(sink -> {
                        sink.put("one");
                        throw new IllegalStateException(message, new IOException("the cause"));
                    });
                }

                @Override
                public Sequence<Integer> endless() {
                    PRODUCED.set(0);
                    return Sequence.produce(sink -> {
                        try {
                            while (true) {
                                sink.put(PRODUCED.incrementAndGet());
                            }
                        } catch (IOException e) {
                            EVENTS.add(String.valueOf(e.getMessage()));
                            throw e;
                        }
                    });
                }

                @Override
                public int sum(Sequence<Integer> numbers) {
                    int sum = 0;
                    for (int number : numbers) {
                        sum += number;
                    }
                    return sum;
                }

                @Override
                public int firstOf(Sequence<Integer> numbers) {
                    return numbers.iterator().next();
                }

                @Override
                public void drop(String name, Sequence<Point> points, int times) {
                    List<Point> all = new ArrayList<>();
                    points.forEach(all::add);
                    EVENTS.add(name + all + times);
                }

                @Override
                public Sequence<Integer> doubled(Sequence<Integer> numbers) {
                    return Sequence.produce(sink -> {
                        for (int number : numbers) {
                            sink.put(2 * number);
                        }
                    });
                }

                @Override
                @SuppressWarnings("NullAway")
                public Sequence<Integer> nothing() {
                    return null;
                }

                @Override
                public int ping(int n) {
                    return n;
                }

                @Override
                public Sequence<Integer> last() {
                    return Sequence.of(List.of(1, 2)).onClose(() -> {
                        EVENTS.add("over");
                        client.close();
                    });
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private Server server;
    private Connection<Feed> connection;
    private Feed feed;

    @SuppressWarnings("NullAway.Init")
    SequenceTest() {}

    @BeforeEach
    void serve() {
        FeedService.EVENTS.clear();
        AutoDaemon<Feed> description = AutoDaemon.of(Feed.class, FeedService.class)
                .socket(scratch.socket())
                .build();
        server = description.createServer().listen();
        connection = description.connect();
        feed = connection.rpc();
    }

    @AfterEach
    void nothingIsLeft() {
        while (streams() > 0) {
            Thread.onSpinWait();
        }
        connection.close();
        server.close();
        server.gone().join();
    }

    private Object field(String name) {
        Object value = ((ServiceServer) server).server().status().get(name);
        return value == null ? "" : value;
    }

    private int streams() {
        return (Integer) field("streams");
    }

    private static <T> List<T> all(Sequence<T> sequence) {
        List<T> all = new ArrayList<>();
        try (sequence) {
            sequence.forEach(all::add);
        }
        return all;
    }

    private static String event() throws InterruptedException {
        String event = FeedService.EVENTS.poll(50, TimeUnit.SECONDS);
        return event == null ? "nothing happened" : event;
    }

    @Test
    void aSequenceIsAForLoop() {
        int expected = 0;
        try (Sequence<Integer> numbers = feed.count(10_000)) {
            for (int number : numbers) {
                assertThat(number).isEqualTo(++expected);
            }
        }
        assertThat(expected).isEqualTo(10_000);
        assertThat(all(feed.count(0))).isEmpty();
    }

    @Test
    void valuesHaveTheirTypes() {
        List<@Nullable Point> points = Arrays.asList(new Point(1, "a\nb"), null, new Point(-2, null));
        assertThat(all(feed.points(points))).isEqualTo(points);
    }

    /** Those whose methods fail, too, as other calls. */
    @Test
    void callsWithSequencesCountAsAnswered() {
        long before = ((Number) field("answered")).longValue();
        assertThat(feed.sum(Sequence.of(List.of(1, 2)))).isEqualTo(3);
        assertThat(all(feed.count(3))).hasSize(3);
        assertThatThrownBy(() -> all(feed.nothing())).isInstanceOf(RemoteException.class);
        // Of a failure the caller hears a moment before it counts.
        while (((Number) field("answered")).longValue() < before + 3) {
            Thread.onSpinWait();
        }
        assertThat(((Number) field("answered")).longValue()).isEqualTo(before + 3);
        assertThat(((Number) field("answeredMicros")).longValue()).isPositive();
    }

    @Test
    void theEndIsTheEnd() {
        Iterator<Integer> numbers = feed.count(1).iterator();
        assertThat(numbers.next()).isEqualTo(1);
        assertThat(numbers.hasNext()).isFalse();
        assertThat(numbers.hasNext()).isFalse();
        assertThatThrownBy(numbers::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("the sequence of \"count\" is over");
    }

    @Test
    void whatTheProducerThrowsArrivesBehindItsValues() {
        List<String> seen = new ArrayList<>();
        assertThatThrownBy(() -> feed.fails("the disk is full").forEach(seen::add))
                .isInstanceOfSatisfying(RemoteException.class, e -> {
                    assertThat(e).hasMessage("the disk is full");
                    assertThat(e.type()).contains(IllegalStateException.class.getName());
                    assertThat(e.getCause()).hasMessage("the cause");
                });
        assertThat(seen.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void nobodyProducesMuchAheadAndClosingEndsTheProducer() throws Exception {
        try (Sequence<Integer> numbers = feed.endless()) {
            assertThat(numbers.iterator().next()).isEqualTo(1);
            // Calls go on meanwhile; the producer stands still when the buffers are full.
            int before = -1;
            while (FeedService.PRODUCED.get() != before) {
                before = FeedService.PRODUCED.get();
                for (int i = 0; i < 1000; i++) {
                    assertThat(feed.ping(i)).isEqualTo(i);
                }
            }
            assertThat(before).isLessThan(1_000_000);
        }
        assertThat(event()).isEqualTo("the rest is not wanted");
    }

    @Test
    void cancelFromAnotherThreadEndsTheLoop() throws Exception {
        Sequence<Integer> numbers = feed.doubled(Sequence.produce(sink -> new Semaphore(0).acquire()));
        CompletableFuture<Boolean> loop =
                CompletableFuture.supplyAsync(() -> numbers.iterator().hasNext(), Scratch::inThread);
        numbers.cancel("changed my mind");
        assertThatThrownBy(() -> loop.get(50, TimeUnit.SECONDS))
                .cause()
                .isExactlyInstanceOf(AutoDaemonException.class)
                .hasMessage("the sequence of \"doubled\" was cancelled here: changed my mind");
    }

    @Test
    void whoGoesOnWithAClosedSequenceIsToldThatItIsClosed() {
        Sequence<Integer> numbers = feed.endless();
        numbers.close();
        assertThatThrownBy(() -> numbers.iterator().hasNext())
                .isExactlyInstanceOf(AutoDaemonException.class)
                .hasMessage("the sequence of \"endless\" was closed here");
        assertThat(feed.ping(1)).isEqualTo(1);
    }

    @Test
    void theCallersOwnFailureIsTheReasonThatIsTold() {
        Sequence<Integer> failing = Sequence.produce(sink -> {
            throw new IOException("no more paper");
        });
        assertThatThrownBy(() -> all(feed.doubled(failing)))
                .isInstanceOf(AutoDaemonException.class)
                .isNotInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("the caller's sequence failed: no more paper");
    }

    @Test
    void aMethodTakesASequence() throws Exception {
        assertThat(feed.sum(Sequence.of(List.of(1, 2, 3)))).isEqualTo(6);
        assertThat(feed.sum(Sequence.of(List.of()))).isZero();
        feed.drop("name", Sequence.of(List.of(new Point(1, "a"))), 7);
        assertThat(event()).isEqualTo("name[Point[x=1, name=a]]7");
    }

    /** It has had enough; the caller's producer is told, and the result arrives. */
    @Test
    void aMethodNeedNotTakeAll() {
        AtomicInteger produced = new AtomicInteger();
        int first = feed.firstOf(Sequence.produce(sink -> {
            while (true) {
                sink.put(produced.incrementAndGet());
            }
        }));
        assertThat(first).isEqualTo(1);
        assertThat(feed.ping(1)).isEqualTo(1);
    }

    @Test
    void aCallersSequenceThatFailsIsTheCallersException() {
        assertThatThrownBy(() -> feed.sum(Sequence.produce(sink -> {
                    sink.put(1);
                    throw new IllegalStateException("no more");
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no more");
        assertThatThrownBy(() -> all(feed.doubled(Sequence.produce(sink -> {
                    throw new IllegalStateException("none at all");
                }))))
                .hasMessageContaining("the caller's sequence failed: none at all");
        assertThat(feed.ping(1)).isEqualTo(1);
    }

    @Test
    void oneInAndOneOut() {
        int expected = 0;
        try (Sequence<Integer> doubled = feed.doubled(Sequence.produce(sink -> {
            for (int i = 1; i <= 5000; i++) {
                sink.put(i);
            }
        }))) {
            for (int number : doubled) {
                expected += 2;
                assertThat(number).isEqualTo(expected);
            }
        }
        assertThat(expected).isEqualTo(10_000);
    }

    @Test
    void aServiceThatReturnsNoSequenceSaysSo() {
        assertThatThrownBy(() -> all(feed.nothing()))
                .isInstanceOf(RemoteException.class)
                .hasMessage("\"nothing\" returned no sequence");
    }

    @Test
    void theEndOfTheConnectionEndsTheLoop() {
        Iterator<Integer> numbers = feed.endless().iterator();
        assertThat(numbers.next()).isEqualTo(1);
        connection.close();
        assertThatThrownBy(() -> {
                    while (numbers.hasNext()) {
                        numbers.next();
                    }
                })
                .isInstanceOf(ConnectionLostException.class);
    }

    /** The connection may go then: everything has been sent. */
    @Test
    void whatIsToBeDoneAtTheEndIsDoneBehindTheEnd() throws Exception {
        assertThat(all(feed.last())).containsExactly(1, 2);
        assertThat(event()).isEqualTo("over");
        assertThatThrownBy(() -> {
                    while (true) {
                        feed.ping(1);
                    }
                })
                .isInstanceOf(ConnectionLostException.class);
        assertThat(connection.isOpen()).isFalse();
    }

    interface Two {
        void join(Sequence<String> a, Sequence<String> b);
    }

    interface Later {
        CompletableFuture<String> later(Sequence<String> a);
    }

    interface Odd {
        Sequence<Thread> threads();
    }

    @Test
    void whatCannotBeIsRefusedWhenItIsDescribed() {
        assertThatThrownBy(() -> InterfacePlan.of(Two.class))
                .hasMessage("Two.join: it takes 2 sequences; let it take one");
        assertThatThrownBy(() -> InterfacePlan.of(Later.class))
                .hasMessage("Later.later: it takes a Sequence and does not wait; let it return a value or a Sequence");
        assertThatThrownBy(() -> InterfacePlan.of(Odd.class).with(null))
                .hasMessageStartingWith("Odd.threads: it returns java.lang.Thread");
    }
}
