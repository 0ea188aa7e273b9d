package io.github.autodaemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Client;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Service;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** npm's peers that do not read, or are not read, and that leave then. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StallTest {
    /** A service that does not read, or gives without end. */
    public interface Stall {
        /** Waits until the connection is not read any more, and then for ever. */
        Duplex stuck();

        /** Done when {@link #stuck()} waits for ever. */
        CompletableFuture<Boolean> stalled();

        /** Gives bytes without end. */
        Duplex source();

        /** Done when what {@link #source()} gave was closed. */
        CompletableFuture<Boolean> closed();

        /** So long a text. */
        String text(int length);

        /** So long a text, when {@link #release()} is called. */
        CompletableFuture<String> textLater(int length);

        /** Completes what {@link #textLater} has promised, and says how many that were. */
        int release();

        /** Gives back what comes. */
        Duplex mirror();
    }

    /** Runs in the daemon. */
    public static final class StallService implements Service<Stall> {
        private static final int MORE_THAN_IS_HELD = 256 * 1024;

        private final CompletableFuture<Boolean> stalled = new CompletableFuture<>();
        private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        private final CountDownLatch never = new CountDownLatch(1);
        private final ArrayDeque<Runnable> promised = new ArrayDeque<>();

        @Override
        public Stall connected(Client client) {
            return new Stall() {
                @Override
                public Duplex stuck() {
                    return Duplex.serve(stream -> {
                        while (stream.input().available() <= MORE_THAN_IS_HELD) {
                            Thread.onSpinWait();
                        }
                        stalled.complete(true);
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                }

                @Override
                public CompletableFuture<Boolean> stalled() {
                    return stalled;
                }

                @Override
                public Duplex source() {
                    return Duplex.of(new Endless(closed), OutputStream.nullOutputStream());
                }

                @Override
                public CompletableFuture<Boolean> closed() {
                    return closed;
                }

                @Override
                public String text(int length) {
                    return "x".repeat(length);
                }

                @Override
                public CompletableFuture<String> textLater(int length) {
                    CompletableFuture<String> text = new CompletableFuture<>();
                    promised.add(() -> text.complete("x".repeat(length)));
                    return text;
                }

                @Override
                public int release() {
                    int count = promised.size();
                    while (!promised.isEmpty()) {
                        promised.remove().run();
                    }
                    return count;
                }

                @Override
                public Duplex mirror() {
                    return Duplex.serve(stream -> stream.input().transferTo(stream.output()));
                }
            };
        }
    }

    private static final class Endless extends InputStream {
        private final CompletableFuture<Boolean> closed;

        Endless(CompletableFuture<Boolean> closed) {
            this.closed = closed;
        }

        @Override
        public int read() {
            return 1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) 1);
            return length;
        }

        @Override
        public void close() {
            closed.complete(true);
        }
    }

    @RegisterExtension
    final Workplace workplace = new Workplace();

    private AutoDaemonBuilder<Stall> daemon() {
        return AutoDaemon.of(Stall.class, StallService.class).socket(workplace.socket());
    }

    private static void kill(NodeProcess process) {
        process.close();
    }

    /** D5. The daemon does not read the connection, so it has to find out in another way. */
    @Test
    void aClientThatLeavesWhileItIsNotReadKeepsNoAutocloseDaemon() {
        try (Connection<Stall> good =
                daemon().autoClose(true).linger(Duration.ofMillis(1)).build().connect()) {
            NodeProcess client = workplace.node("stall.js", "write");
            assertThat(client.line()).isEqualTo("\"written\"");
            assertThat(good.rpc().stalled()).succeedsWithin(60, TimeUnit.SECONDS);
            kill(client);
        }
        workplace.awaitNoDaemon();
    }

    /** D4, D30. */
    @Test
    void aStreamThatIsNotReadHoldsUpOneConnectionOnly() {
        try (Connection<Stall> good = daemon().build().connect()) {
            NodeProcess client = workplace.node("stall.js", "write");
            assertThat(client.line()).isEqualTo("\"written\"");
            assertThat(good.rpc().stalled()).succeedsWithin(60, TimeUnit.SECONDS);
            assertThat(workplace.run("many.js", "3")).containsExactly("3");
            assertThat(good.rpc().text(2)).isEqualTo("xx");
            kill(client);
        }
    }

    /** D4, D30, with npm's daemon: the call is answered, and nothing of the stream is lost. */
    @Test
    void aCallIsAnsweredWhileAStreamOfNpmsDaemonIsNotRead() throws Exception {
        Workshop workshop = workplace.connect(workplace.npmDaemon()).rpc();
        try (Duplex bytes = workshop.bytes(4_000_000)) {
            for (int i = 1; i <= 10; i++) {
                assertThat(workshop.add(1)).isEqualTo(i);
            }
            assertThat(Pattern.digest(bytes.input())).isEqualTo(Pattern.digest(4_000_000));
        }
    }

    /** D18. */
    @Test
    void theSourceIsClosedWhenTheClientLeavesInMidDownload() {
        try (Connection<Stall> good = daemon().build().connect()) {
            NodeProcess client = workplace.node("stall.js", "read");
            assertThat(client.line()).isEqualTo("\"begun\"");
            kill(client);
            assertThat(good.rpc().closed()).succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    /** D19. More than may be open at once. */
    @Test
    void completedStreamsLeaveNothing() {
        try (Connection<Stall> good = daemon().build().connect()) {
            assertThat(workplace.run("many.js", "1100")).containsExactly("1100");
            assertThat(good.rpc().text(1)).isEqualTo("x");
        }
    }

    /** D31. All answers together are four times the heap. */
    @Test
    void answersThatNobodyReadsCostNoMemory() throws Exception {
        int size = 1 << 20;
        try (Connection<Stall> good = daemon().jvmOptions("-Xmx48m").build().connect();
                RawClient greedy = new RawClient(workplace.socket())) {
            greedy.opened();
            for (int i = 0; i < 200; i++) {
                greedy.text("[\"text\",[" + size + "]," + (i + 2) + "]\n");
            }
            // In turns with the other's: each of these lets one of those run, if it may.
            for (int i = 0; i < 300; i++) {
                assertThat(good.rpc().text(1)).isEqualTo("x");
            }
            for (int i = 0; i < 200; i++) {
                assertThat(greedy.reply().getBytes(UTF_8)).hasSizeGreaterThan(size);
            }
            assertThat(good.rpc().text(1)).isEqualTo("x");
        }
    }

    /** D31, of calls that have all begun. What a client does not read is bounded, and it hears of what it has missed. */
    @Test
    void answersOfFuturesThatNobodyReadsCostNoMemory() throws Exception {
        int size = 1 << 20;
        try (Connection<Stall> good = daemon().jvmOptions("-Xmx48m").build().connect();
                RawClient greedy = new RawClient(workplace.socket())) {
            greedy.opened();
            for (int i = 0; i < 200; i++) {
                greedy.text("[\"textLater\",[" + size + "]," + (i + 2) + "]\n");
            }
            greedy.text("[\"text\",[1],1000]\n");
            assertThat(greedy.reply()).isEqualTo("[[\"x\"],1000]");
            assertThat(good.rpc().release()).isEqualTo(200);
            int whole = 0;
            for (int i = 0; i < 200; i++) {
                String reply = greedy.reply();
                if (reply.length() > size) {
                    whole++;
                } else {
                    assertThat(reply)
                            .startsWith("[[{\"message\":\"the result of \\\"textLater\\\" was dropped: ")
                            .contains(" bytes of answers wait for the client to read them, the limit is ");
                }
            }
            assertThat(whole).isBetween(4, 40);
            greedy.text("[\"text\",[2],1001]\n");
            assertThat(greedy.reply()).isEqualTo("[[\"xx\"],1001]");
            assertThat(good.rpc().text(1)).isEqualTo("x");
        }
    }
}
