package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.ServedLab;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait for the future of a call read its answer themselves; the service runs in this process. */
@Timeout(60)
class FutureTest {
    private static final int ROUNDS = 50;
    private static final int WINDOW = 64;

    @RegisterExtension
    final ServedLab served = new ServedLab();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Connection<Lab> connection;
    private Lab lab;
    private volatile Thread reader = Thread.currentThread();

    @BeforeEach
    void take() {
        connection = served.connection();
        lab = served.lab();
    }

    @AfterEach
    void leave() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    private interface Wait<T> {
        T on(CompletableFuture<String> future) throws Exception;
    }

    /** Has another thread wait for the future, and returns when that thread reads the connection. */
    private <T> Future<T> reading(CompletableFuture<String> future, Wait<T> wait) {
        Future<T> result = threads.submit(() -> {
            reader = Thread.currentThread();
            return wait.on(future);
        });
        while (!reads(reader)) {
            assertThat(result).isNotDone();
            Thread.onSpinWait();
        }
        return result;
    }

    private static boolean reads(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("runOnce"));
    }

    private void series(int calls) throws Exception {
        ArrayDeque<CompletableFuture<String>> window = new ArrayDeque<>();
        for (int i = 0; i < calls + WINDOW; i++) {
            if (i >= WINDOW) {
                assertThat(window.remove().get()).isEqualTo(Integer.toString(i - WINDOW));
            }
            if (i < calls) {
                window.add(lab.later(Integer.toString(i)));
            }
        }
    }

    @Test
    void whoGetsReads() throws Exception {
        Future<String> got = reading(lab.gate(), Future::get);
        lab.open();
        assertThat(got.get()).isEqualTo("open");
    }

    @Test
    void whoJoinsReads() throws Exception {
        Future<String> got = reading(lab.gate(), CompletableFuture::join);
        lab.open();
        assertThat(got.get()).isEqualTo("open");
    }

    /** Two wait, and one of them reads. */
    @Test
    void twoWaitForOne() throws Exception {
        CompletableFuture<String> gate = lab.gate();
        Future<String> one = reading(gate, Future::get);
        Future<String> other = threads.submit(() -> gate.get());
        lab.open();
        assertThat(one.get()).isEqualTo("open");
        assertThat(other.get()).isEqualTo("open");
    }

    private static boolean sleeps(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("sleep"));
    }

    /** Nothing comes that would wake a thread by chance. */
    @Test
    void aThreadStillWaitsWhenAnotherHasGivenUp() throws Exception {
        Future<String> reads = reading(lab.gate(), Future::get);
        CompletableFuture<String> answer = lab.gate();
        CompletableFuture<Thread> waiter = new CompletableFuture<>();
        Future<String> waits = threads.submit(() -> {
            waiter.complete(Thread.currentThread());
            return answer.get();
        });
        while (!sleeps(waiter.get())) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> answer.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        answer.complete("mine");
        assertThat(waits.get()).isEqualTo("mine");
        lab.open();
        assertThat(reads.get()).isEqualTo("open");
    }

    /** What it reads for others completes without them. */
    @Test
    void whatOthersContinueCompletesWhileOneReads() throws Exception {
        Future<String> got = reading(lab.gate(), Future::get);
        CountDownLatch accepted = new CountDownLatch(1);
        var unused = lab.later("a").thenAccept(text -> accepted.countDown());
        accepted.await();
        CompletableFuture.allOf(lab.later("b")).get();
        var polled = lab.later("c");
        while (!polled.isDone()) {
            Thread.onSpinWait();
        }
        var answered = lab.later("d");
        // The answers come in their order.
        assertThat(lab.later("e").get()).isEqualTo("e");
        assertThat(CompletableFuture.allOf(answered)
                        .thenApply(nothing -> "continued")
                        .get())
                .isEqualTo("continued");
        assertThat(lab.later("f").thenCombine(lab.later("g"), String::concat).get())
                .isEqualTo("fg");
        lab.open();
        assertThat(got.get()).isEqualTo("open");
    }

    /** After a series the thread that reads in the background has stepped aside, and requests leave several at a time. */
    @Test
    void whatFollowsASeriesLeavesThoughNobodyWaits() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            series(2 * WINDOW);
            var last = lab.later("last");
            while (!last.isDone()) {
                Thread.onSpinWait();
            }
            series(2 * WINDOW);
            assertThat(CompletableFuture.allOf(lab.later("other"))
                            .thenApply(nothing -> "over")
                            .get())
                    .isEqualTo("over");
        }
    }

    /** Where one waits for an answer that does not come and reads for all, and where they take turns. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyThreadsWaitInEveryWay(boolean oneReads) throws Exception {
        CompletableFuture<String> gate = lab.gate();
        Future<String> got = oneReads ? reading(gate, Future::get) : gate;
        List<Future<?>> all = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            all.add(threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    String text = Integer.toString(random.nextInt());
                    assertThat(any(random.nextInt(7), text)).isEqualTo(text);
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(got).isNotDone();
        lab.open();
        assertThat(got.get()).isEqualTo("open");
    }

    private String any(int way, String text) throws Exception {
        var future = lab.later(text);
        return switch (way) {
            case 0 -> future.get();
            case 1 -> future.join();
            case 2 -> future.get(1, TimeUnit.MINUTES);
            case 3 -> future.thenApply(given -> given).get();
            case 4 -> (String) CompletableFuture.anyOf(future).join();
            case 5 ->
                future.thenCombine(lab.later(text), (one, other) -> one.equals(other) ? one : "different")
                        .join();
            default -> {
                var discarded = lab.later("discarded");
                discarded.cancel(true);
                yield future.get();
            }
        };
    }

    private static Stream<Arguments> endings() {
        return Stream.of(
                ending("complete", future -> future.complete("given"), "given"),
                ending("completeAsync", future -> future.completeAsync(() -> "given"), "given"),
                ending(
                        "completeOnTimeout",
                        future -> future.completeOnTimeout("given", 1, TimeUnit.MILLISECONDS),
                        "given"),
                ending("obtrudeValue", future -> future.obtrudeValue("given"), "given"),
                ending("cancel", future -> future.cancel(false), CancellationException.class),
                ending("orTimeout", future -> future.orTimeout(1, TimeUnit.MILLISECONDS), TimeoutException.class),
                ending(
                        "completeExceptionally",
                        future -> future.completeExceptionally(new IllegalStateException()),
                        IllegalStateException.class),
                ending(
                        "completeAsync, which fails",
                        future -> future.completeAsync(() -> {
                            throw new IllegalStateException();
                        }),
                        IllegalStateException.class),
                ending(
                        "obtrudeException",
                        future -> future.obtrudeException(new IllegalStateException()),
                        IllegalStateException.class));
    }

    private static Arguments ending(String name, Consumer<CompletableFuture<String>> end, Object expected) {
        return Arguments.of(name, end, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void whoeverEndsItWakesWhoReads(String name, Consumer<CompletableFuture<String>> end, Object expected)
            throws Exception {
        CompletableFuture<String> gate = lab.gate();
        Future<String> got = reading(gate, Future::get);
        end.accept(gate);
        if (expected instanceof String text) {
            assertThat(got.get()).isEqualTo(text);
        } else {
            assertThatThrownBy(got::get).rootCause().isInstanceOf((Class<?>) expected);
        }
        lab.open();
        assertThat(lab.later("still").get()).isEqualTo("still");
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheCall() throws Exception {
        CompletableFuture<String> gate = lab.gate();
        Future<String> got = reading(gate, Future::get);
        reader.interrupt();
        assertThatThrownBy(got::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(gate).isNotDone();
        lab.open();
        assertThat(gate.get()).isEqualTo("open");
    }

    @Test
    void whoJoinsIsInterruptedAfterwards() throws Exception {
        CompletableFuture<String> gate = lab.gate();
        Future<Boolean> interrupted = reading(gate, future -> {
            assertThat(future.join()).isEqualTo("open");
            return Thread.interrupted();
        });
        reader.interrupt();
        lab.open();
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void whoWaitsInVainMayWaitAgain() throws Exception {
        CompletableFuture<String> gate = lab.gate();
        assertThatThrownBy(() -> gate.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> gate.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> gate.get(Long.MIN_VALUE, TimeUnit.DAYS)).isInstanceOf(TimeoutException.class);
        Future<String> got = reading(gate, future -> future.get(Long.MAX_VALUE, TimeUnit.DAYS));
        lab.open();
        assertThat(got.get()).isEqualTo("open");
        assertThat(gate.get(0, TimeUnit.SECONDS)).isEqualTo("open");
    }

    @Test
    void theEndOfTheConnectionWakesWhoReads() throws Exception {
        Future<String> got = reading(lab.gate(), Future::get);
        connection.close();
        assertThatThrownBy(got::get).hasRootCauseInstanceOf(ConnectionLostException.class);
    }
}
