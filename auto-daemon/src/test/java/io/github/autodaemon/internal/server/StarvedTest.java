package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.client.CallResult;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.SocketPair;
import io.github.autodaemon.internal.net.Workers;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server for which the system makes no threads beside the two that it has. */
@Timeout(60)
class StarvedTest {
    private static final String NONE = "unable to create native thread";

    private final Executor real = Workers.create();
    private volatile boolean starved = true;
    private final AtomicInteger refused = new AtomicInteger();
    private final Executor workers = task -> {
        if (starved) {
            refused.incrementAndGet();
            throw new OutOfMemoryError(NONE);
        }
        real.execute(task);
    };

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch holding = new CountDownLatch(1);
    private final AtomicInteger added = new AtomicInteger();
    private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final Set<Thread> cancelling = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final CountDownLatch allCancelled = new CountDownLatch(1);
    private final List<ClientSession> clients = new ArrayList<>();
    private @Nullable DaemonServer server;

    private final class Counting implements ServiceAdapter, ClientCalls {
        private @Nullable ClientConnection session;

        @Override
        public ClientCalls connected(ClientConnection connected) {
            Counting guest = new Counting();
            guest.session = connected;
            return guest;
        }

        @Override
        public void call(Request request) throws InterruptedException {
            switch (request.name()) {
                case "hold" -> {
                    holding.countDown();
                    release.await();
                    request.succeed("held");
                }
                case "pending" -> {
                    CompletableFuture<String> future = new CompletableFuture<>();
                    var unused = future.whenComplete((value, thrown) -> {
                        await(allCancelled);
                        cancelling.add(Thread.currentThread());
                        request.fail(new IllegalStateException("cancelled"));
                        cancelled.incrementAndGet();
                    });
                    request.onCancel(() ->
                            Objects.requireNonNull(session).cancellations().execute(() -> future.cancel(true)));
                }
                default -> request.succeed(added.incrementAndGet());
            }
        }

        @Override
        public StreamTask stream(String method, List<@Nullable Object> args, ByteStream stream) {
            return () -> {
                try {
                    stream.output().write('x');
                    stream.close();
                } catch (IOException e) {
                    closed.add(String.valueOf(e.getMessage()));
                    throw e;
                }
            };
        }

        @Override
        public void closed() {
            closed.add("client");
        }

        @Override
        public void close() {
            closed.add("service");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private DaemonServer serve(int concurrency) throws IOException {
        DaemonServer made = new DaemonServer(
                new Counting(),
                Configs.of(concurrency, false, Limits.DEFAULT),
                Map.of(),
                LaunchContext.foreground(line -> {}),
                TimeUnit.SECONDS.toNanos(10),
                workers,
                concurrency > 1 ? workers : null);
        server = made;
        made.embed(null);
        return made;
    }

    private ClientSession connect(DaemonServer server) throws Exception {
        SocketPair pair = SocketPair.create();
        assertThat(server.serve(pair.server())).isTrue();
        ClientSession client = ClientSession.over(
                pair.client(),
                Limits.DEFAULT,
                Hello.Role.CLIENT,
                false,
                () -> null,
                System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        clients.add(client);
        return client;
    }

    private static CompletableFuture<CallResult> call(ClientSession client, String method, Object... args)
            throws Exception {
        return client.callAsync(method, List.of(args), 0, outcome -> outcome);
    }

    private static @Nullable Object value(CallResult outcome) {
        assertThat(outcome.answer()).as(outcome.reason()).isNotNull();
        return Objects.requireNonNull(outcome.answer()).value();
    }

    @AfterEach
    void end() throws Exception {
        release.countDown();
        starved = false;
        clients.forEach(ClientSession::close);
        DaemonServer served = Objects.requireNonNull(server);
        served.drain(Reason.closed());
        assertThat(served.gone().get()).isNotNull();
    }

    private static ByteStream opened(ClientSession client) throws IOException, InterruptedException {
        return Objects.requireNonNull(client.open("x", List.of(), Long.MAX_VALUE));
    }

    @Test
    void aSerialServiceIsServedByTheTwoThreadsThatThereAre() throws Exception {
        DaemonServer server = serve(1);
        ClientSession one = connect(server);
        ClientSession two = connect(server);
        CompletableFuture<CallResult> held = call(one, "hold");
        holding.await();
        CompletableFuture<CallResult> first = call(two, "add");
        // Somebody reads on.
        assertThat(two.ask("status", List.of(), Long.MAX_VALUE)).isNotNull();
        release.countDown();
        assertThat(value(held.join())).isEqualTo("held");
        assertThat(value(first.join())).isEqualTo(1L);
        // After a slow call the next ones are a worker's.
        int calls = 1;
        while (refused.get() < 3) {
            assertThat(value(two.call("add", List.of(), 0))).isEqualTo((long) ++calls);
        }
        assertThat(server.status()).containsEntry("calls", 0).containsEntry("waiting", 0);
    }

    @Test
    void aConcurrentOneServesOneCallAtATimeAndMoreWhenThreadsCanBeMade() throws Exception {
        DaemonServer server = serve(4);
        ClientSession one = connect(server);
        ClientSession two = connect(server);
        assertThat(value(two.call("add", List.of(), 0))).isEqualTo(1L);
        CompletableFuture<CallResult> held = call(one, "hold");
        holding.await();
        CompletableFuture<CallResult> second = call(two, "add");
        assertThat(two.ask("status", List.of(), Long.MAX_VALUE)).isNotNull();
        assertThat(second).isNotDone();
        starved = false;
        assertThat(value(second.join())).isEqualTo(2L);
        assertThat(held).isNotDone();
        release.countDown();
        assertThat(value(held.join())).isEqualTo("held");
    }

    @Test
    void aStreamFailsAndTheNextOneIsServed() throws Exception {
        DaemonServer server = serve(1);
        ClientSession client = connect(server);
        try (var input = opened(client).input()) {
            assertThatThrownBy(input::read)
                    .hasMessageContaining("no thread could be made for the stream of \"x\": " + NONE);
        }
        // What was to serve it has been told, and can let go of what it has.
        assertThat(closed.take()).contains("no thread could be made");
        // It is told before it is counted out.
        while (!Integer.valueOf(0).equals(server.status().get("streams"))) {
            Thread.onSpinWait();
        }
        starved = false;
        try (var input = opened(client).input()) {
            assertThat(input.read()).isEqualTo('x');
        }
    }

    @Test
    void aLongCallIsReadAndServed() throws Exception {
        ClientSession client = connect(serve(1));
        assertThat(value(client.call("add", List.of("x".repeat(200_000)), 0))).isEqualTo(1L);
        assertThat(refused).hasPositiveValue();
        assertThat(value(client.call("add", List.of("y"), 0))).isEqualTo(2L);
    }

    @Test
    void aClientWithPendingFuturesGoesAndLeavesNothing() throws Exception {
        DaemonServer server = serve(1);
        ClientSession client = connect(server);
        ClientSession other = connect(server);
        for (int i = 0; i < 2_000; i++) {
            CompletableFuture<CallResult> unused = call(client, "pending");
            assertThat(unused).isNotDone();
        }
        assertThat(value(client.call("add", List.of(), 0))).isEqualTo(1L);
        client.close();
        allCancelled.countDown();
        assertThat(closed.take()).isEqualTo("client");
        while (cancelled.get() < 2_000) {
            assertThat(value(other.call("add", List.of(), 0))).isInstanceOf(Long.class);
        }
        assertThat(server.status()).containsEntry("clients", 1).containsEntry("references", 1);
        assertThat(cancelling).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void pendingFuturesDoNotBecomeThreads() throws Exception {
        starved = false;
        DaemonServer server = serve(1);
        ClientSession client = connect(server);
        ClientSession other = connect(server);
        for (int i = 0; i < 10_000; i++) {
            CompletableFuture<CallResult> unused = call(client, "pending");
            assertThat(unused).isNotDone();
        }
        assertThat(value(client.call("add", List.of(), 0))).isEqualTo(1L);
        client.close();
        // The service hears of it when all of them have been told to end.
        assertThat(closed.take()).isEqualTo("client");
        allCancelled.countDown();
        while (cancelled.get() < 10_000) {
            assertThat(value(other.call("add", List.of(), 0))).isInstanceOf(Long.class);
        }
        assertThat(cancelling).hasSizeLessThanOrEqualTo(DaemonServer.CANCELLING);
    }

    @Test
    void itEnds() throws Exception {
        DaemonServer server = serve(1);
        ClientSession client = connect(server);
        assertThat(value(client.call("add", List.of(), 0))).isEqualTo(1L);
        server.drain(Reason.closed());
        assertThat(server.gone().get()).hasToString("closed by the service");
        assertThat(closed).contains("service");
    }
}
