package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.ServedLab;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls between two Java sides; the service runs in this process, the connection is a real one. */
@Timeout(60)
class CallTest {
    @RegisterExtension
    final ServedLab served = new ServedLab();

    private Connection<Lab> connection;
    private Lab lab;

    @BeforeEach
    void take() {
        connection = served.connection();
        lab = served.lab();
    }

    @Test
    void valuesOfEveryKind() {
        assertThat(lab.add(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(lab.args()).containsExactly("x", "y");
        assertThat(lab.mirror(new Lab.Point(1, 2, "a message"))).isEqualTo(new Lab.Point(2, 1, "a message"));
        Map<String, List<Lab.Point>> nested = Map.of("é€😀", List.of(new Lab.Point(1, 2, "\u0000\n\"")));
        assertThat(lab.nested(nested)).isEqualTo(nested);
        assertThat(lab.other(Lab.Colour.RED)).contains(Lab.Colour.GREEN);
        assertThat(lab.other(Lab.Colour.GREEN)).isEmpty();
        assertThat(lab.sum(1)).isEqualTo(1);
        assertThat(lab.sum(1, 2, 3)).isEqualTo(6);
        assertThat(lab.addTwice(2)).isEqualTo(Long.MAX_VALUE + 4);
    }

    @Test
    void whatTheServiceThrowsArrives() {
        assertThatThrownBy(() -> lab.fail("no such document")).isInstanceOfSatisfying(RemoteException.class, e -> {
            assertThat(e).hasMessage("no such document");
            assertThat(e.type()).contains("java.lang.IllegalStateException");
            assertThat(e.properties()).containsEntry("name", "IllegalStateException");
        });
        assertThat(lab.get()).isZero();
    }

    @Test
    void futures() throws Exception {
        assertThat(lab.later("text").get()).isEqualTo("text");
        assertThatThrownBy(() -> lab.failLater("disk gone").get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(RemoteException.class)
                .hasMessage("disk gone");
    }

    /** To start a thread takes longer than ten calls do. */
    @Test
    void futuresOneAfterTheOtherAreReadForByOneThread() throws Exception {
        Set<Thread> others = new HashSet<>(readers());
        Set<Thread> readers = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            assertThat(lab.later("text").get()).isEqualTo("text");
            readers.addAll(readers());
        }
        readers.removeAll(others);
        // A second may pass between two calls where much else runs.
        assertThat(readers).hasSizeBetween(1, 10);
        connection.close();
        for (Thread reader : readers) {
            reader.join();
        }
    }

    /** While calls are made the thread that would see the end has stepped aside. */
    @Test
    void whoListensIsToldOfTheEndAfterCallsAndFutures() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        connection.onClose(told::countDown);
        for (int i = 1; i <= 100; i++) {
            assertThat(lab.add(1)).isEqualTo(i);
            assertThat(lab.later("text").get()).isEqualTo("text");
        }
        assertThat(lab.add(1)).isEqualTo(101);
        lab.close();
        told.await();
    }

    private static List<Thread> readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("auto-daemon-reader"))
                .toList();
    }

    @Test
    void aPendingFutureDoesNotHoldTheTurn() throws Exception {
        CompletableFuture<String> gate = lab.gate();
        assertThat(lab.add(1)).isEqualTo(1);
        assertThat(gate).isNotDone();
        lab.open();
        assertThat(gate.get()).isEqualTo("open");
    }

    @Test
    void aBlockingCallInAContinuationDoesNotDeadlock() throws Exception {
        assertThat(lab.later("a").thenApply(text -> text + lab.add(1)).get()).isEqualTo("a1");
        List<CompletableFuture<String>> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(lab.later("b").thenApply(text -> text + lab.later("c").join()));
        }
        for (CompletableFuture<String> one : many) {
            assertThat(one.get()).isEqualTo("bc");
        }
    }

    /** The first continuation blocks until the second has run. */
    @Test
    void whatContinuesOneFutureMayWaitForAnother() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        // Neither is complete before both have been continued, or the continuation would run right here.
        CompletableFuture<String> first = lab.gate().thenApply(text -> {
            try {
                second.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return text;
        });
        CompletableFuture<Void> other = lab.gate().thenAccept(text -> second.countDown());
        lab.open();
        assertThat(first.get()).isEqualTo("open");
        other.get();
    }

    @Test
    void oneWayCallsArriveInOrder() {
        for (int i = 0; i < 100; i++) {
            lab.note(Integer.toString(i));
        }
        assertThat(lab.notes()).hasSize(100).startsWith("0", "1").endsWith("99");
    }

    @Test
    void anInterruptedCallerDoesNotHarmTheConnection() throws Exception {
        AutoDaemon<Lab> other = AutoDaemon.of(Lab.class, LabService.class)
                .socket(served.directory().resolve("concurrent"))
                .concurrent(4)
                .build();
        Server concurrent = other.createServer().listen();
        try (Connection<Lab> own = other.connect()) {
            CountDownLatch asked = new CountDownLatch(1);
            List<Throwable> thrown = new ArrayList<>();
            Thread caller = new Thread(() -> {
                asked.countDown();
                try {
                    own.rpc().waitForGate();
                } catch (AutoDaemonException e) {
                    thrown.add(e);
                    if (!Thread.currentThread().isInterrupted()) {
                        thrown.add(new AssertionError("the interrupt was swallowed"));
                    }
                }
            });
            caller.start();
            asked.await();
            caller.interrupt();
            caller.join();
            assertThat(thrown).singleElement().satisfies(e -> assertThat(e)
                    .hasMessageContaining("interrupted during the call of \"waitForGate\", which may have run"));
            assertThat(own.rpc().add(1)).isEqualTo(1);
            own.rpc().open();
        }
        concurrent.close();
        concurrent.gone().get();
    }

    @Test
    void manyThreadsOnOneConnectionAreServedOneAtATime() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 200; j++) {
                    lab.add(1);
                    lab.busy();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(lab.get()).isEqualTo(1600);
        assertThat(lab.mostAtOnce()).isEqualTo(1);
    }

    @Test
    void whatCannotBeCarriedIsNotSent() {
        try (Connection<Rpc> dynamic = AutoDaemon.dynamic("echo", "sum", "get", "numbers:s")
                .socket(served.socket())
                .build()
                .connect()) {
            assertThatThrownBy(() -> dynamic.rpc().call("sum", Double.NaN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("\"sum\" was not called: NaN cannot be carried: JSON has no such number");
            assertThatThrownBy(() -> dynamic.rpc().call("nope"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no method \"nope\" was named for this daemon; there are: echo, sum, get, numbers");
            assertThatThrownBy(() -> dynamic.rpc().call("numbers", 1)).hasMessageContaining("is a stream method");
            assertThatThrownBy(() -> dynamic.rpc().stream("get")).hasMessageContaining("is no stream method");
            assertThat(dynamic.rpc().call("get")).isEqualTo(0L);
        }
    }

    @Test
    void callsByName() throws Exception {
        try (Connection<Rpc> dynamic = AutoDaemon.dynamic("sum", "nope", "args", "note", "notes", "numbers:s")
                .socket(served.socket())
                .build()
                .connect()) {
            Rpc rpc = dynamic.rpc();
            assertThat(rpc.call("sum", 1, 2, 3)).isEqualTo(6L);
            assertThat(rpc.callAsync("args").get()).isEqualTo(List.of("x", "y"));
            rpc.send("note", "hello");
            assertThat(rpc.call("notes")).isEqualTo(List.of("hello"));
            assertThat(new String(rpc.stream("numbers", 3).input().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("1\n2\n3\n");
            assertThatThrownBy(() -> rpc.call("nope"))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageStartingWith("no method \"nope\"; there are: add, ");
            assertThatThrownBy(() -> rpc.call("sum")).hasMessage("\"sum\" takes 1 or more arguments, 0 were given");
            assertThatThrownBy(() -> rpc.call("sum", "two")).hasMessage("argument 1 of \"sum\": \"two\" is no int");
        }
    }

    @Test
    void overTheLimitThePeerGetsAnErrorAndTheOthersGoOn() throws Exception {
        AutoDaemon<Lab> small = AutoDaemon.of(Lab.class, LabService.class)
                .socket(served.directory().resolve("small"))
                .maxMessage(10_000)
                .maxDepth(10)
                .maxStreams(2)
                .build();
        Server limited = small.createServer().listen();
        try (Connection<Lab> first = small.connect();
                Connection<Rpc> large = AutoDaemon.dynamic("note", "notes", "numbers:s", "echo:s")
                        .socket(served.directory().resolve("small"))
                        .build()
                        .connect()) {
            assertThatThrownBy(() -> first.rpc().note("x".repeat(10_000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bytes, the limit is 10000");
            for (int i = 0; i < 3; i++) {
                large.rpc().send("note", "y".repeat(4000));
            }
            assertThatThrownBy(() -> large.rpc().call("notes"))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageContaining("the result of \"notes\" has")
                    .hasMessageContaining("the limit is 10000");
            try (Duplex one = large.rpc().stream("echo");
                    Duplex two = large.rpc().stream("echo");
                    Duplex three = large.rpc().stream("echo")) {
                assertThat(one).isNotSameAs(two);
                assertThatThrownBy(() -> three.input().read())
                        .hasMessage("too many streams on this connection, the limit is 2");
            }
            // What the daemon does not read it has said, and nothing of it is sent.
            assertThatThrownBy(() -> large.rpc().call("note", "z".repeat(20_000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bytes, the limit is 10000; see maxMessage");
            assertThat(first.rpc().add(1)).isEqualTo(1);
        }
        limited.close();
        limited.gone().get();
    }
}
