package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages for which the memory of whoever reads or writes them does not suffice. */
@Timeout(60)
class SmallHeapTest {
    /** In a heap of 64 MiB they fail in the buffer, in the text, in the value, in the answer, or not at all. */
    private static final List<Integer> MEGABYTES = List.of(7, 11, 15, 21, 33, 60);

    interface Scales {
        int weigh(String load);

        String load(int megabytes);

        CompletableFuture<Integer> weighLater(String load);

        void block(String socket) throws IOException;
    }

    static final class ScalesService implements Service<Scales> {
        @Override
        public Scales connected(Client client) {
            return new Scales() {
                @Override
                public int weigh(String load) {
                    return load.length();
                }

                @Override
                public String load(int megabytes) {
                    return "x".repeat(megabytes << 20);
                }

                @Override
                public CompletableFuture<Integer> weighLater(String load) {
                    return CompletableFuture.completedFuture(load.length());
                }

                @Override
                public void block(String until) throws IOException {
                    try (SocketChannel gate = SocketChannel.open(UnixDomainSocketAddress.of(until))) {
                        gate.read(ByteBuffer.allocate(1));
                    }
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private AutoDaemonBuilder<Scales> scales(String... jvmOptions) {
        return scales(scratch.socket(), jvmOptions);
    }

    private static AutoDaemonBuilder<Scales> scales(Path socket, String... jvmOptions) {
        return AutoDaemon.of(Scales.class, ScalesService.class).socket(socket).jvmOptions(jvmOptions);
    }

    private interface Weight {
        int of(Scales scales, int megabytes);
    }

    /** In the daemon's memory, and in that of a client, which prints it. */
    private static void eachIsAnsweredOrLost(AutoDaemon<Scales> scales, Weight weight) {
        try (Connection<Scales> other = scales.connect()) {
            for (int megabytes : MEGABYTES) {
                String outcome = outcome(scales, weight, megabytes);
                assertThat(outcome).isIn("answered", "lost", "no memory");
                assertThat(other.rpc().weigh("on")).as("after " + megabytes).isEqualTo(2);
            }
        }
    }

    private static String outcome(AutoDaemon<Scales> scales, Weight weight, int megabytes) {
        try (Connection<Scales> connection = scales.connect()) {
            // Of a line with a hole the text is too short.
            return weight.of(connection.rpc(), megabytes) == megabytes << 20 ? "answered" : "wrong";
        } catch (ConnectionLostException e) {
            return "lost";
        } catch (RemoteException e) {
            boolean noMemory =
                    e.type().filter("java.lang.OutOfMemoryError"::equals).isPresent()
                            || String.valueOf(e.getMessage())
                                    .startsWith("there was not enough memory for the result of ");
            return noMemory ? "no memory" : e.toString();
        } catch (OutOfMemoryError e) {
            return "no memory";
        }
    }

    @Test
    void aCallTooLargeForTheDaemonIsAnsweredOrLost() {
        AutoDaemon<Scales> scales = scales("-Xmx64m").maxMessage(64 << 20).build();
        eachIsAnsweredOrLost(scales, (rpc, megabytes) -> rpc.weigh("x".repeat(megabytes << 20)));
        assertThat(scales.log()).content().doesNotContain("retiring");
    }

    @Test
    void aResultTooLargeForTheDaemonIsAnErrorOrLost() {
        AutoDaemon<Scales> scales = scales("-Xmx64m").maxMessage(64 << 20).build();
        eachIsAnsweredOrLost(scales, (rpc, megabytes) -> rpc.load(megabytes).length());
        assertThat(scales.log()).content().doesNotContain("retiring");
    }

    /** Each is short enough, all together are not: what does not fit is refused at once, and the rest runs. */
    @Test
    void callsOfManyClientsThatWaitForTheirTurnAreBounded() throws Exception {
        AutoDaemon<Scales> scales = scales("-Xmx64m").build();
        Path gate = scratch.directory().resolve("gate");
        String load = "x".repeat(3 << 20);
        List<Connection<Scales>> connections = new ArrayList<>();
        List<CompletableFuture<Integer>> weights = new ArrayList<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Connection<Scales> first = scales.connect()) {
            listener.bind(UnixDomainSocketAddress.of(gate));
            CompletableFuture<Void> blocked = CompletableFuture.runAsync(() -> {
                try {
                    first.rpc().block(gate.toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (SocketChannel blocks = listener.accept()) {
                CompletableFuture<?> refused = new CompletableFuture<>();
                for (int i = 0; i < 20; i++) {
                    Connection<Scales> connection = scales.connect();
                    connections.add(connection);
                    CompletableFuture<Integer> weight = connection.rpc().weighLater(load);
                    weights.add(weight);
                    weight.exceptionally(thrown -> {
                        refused.completeExceptionally(thrown);
                        return 0;
                    });
                }
                assertThatThrownBy(refused::join)
                        .hasCauseInstanceOf(RemoteException.class)
                        .hasMessageContaining("it was not done: it has 3145")
                        .hasMessageContaining("leaves no room for so many");
                assertThat(blocks.isOpen()).isTrue();
            }
            blocked.join();
            int done = 0;
            for (CompletableFuture<Integer> weight : weights) {
                done += weight.handle((bytes, thrown) -> bytes == null ? 0 : bytes)
                                        .join()
                                == load.length()
                        ? 1
                        : 0;
            }
            assertThat(done).isBetween(2, 8);
            assertThat(first.rpc().weigh(load)).isEqualTo(load.length());
            // Nothing is counted twice, or kept.
            for (Connection<Scales> connection : connections) {
                assertThat(connection.rpc().weigh(load)).isEqualTo(load.length());
            }
        } finally {
            connections.forEach(Connection::close);
        }
        assertThat(scales.log()).content().doesNotContain("retiring");
    }

    /** A client with little memory. */
    static final class Small {
        private Small() {}

        public static void main(String[] words) {
            AutoDaemon<Scales> scales =
                    scales(Path.of(words[0])).maxMessage(64 << 20).build();
            eachIsAnsweredOrLost(scales, (rpc, megabytes) -> rpc.load(megabytes).length());
            System.out.println("done");
        }
    }

    @Test
    void aResultTooLargeForTheClientIsLost() throws Exception {
        try (Connection<Scales> connection =
                scales().maxMessage(64 << 20).build().connect()) {
            assertThat(connection.rpc().weigh("")).isZero();
            ProcessBuilder small = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Small.class.getName(),
                            scratch.socket().toString())
                    .redirectErrorStream(true);
            assertThat(Scratch.output(small)).isEqualTo("done");
        }
    }

    /** At the default limit nothing of it is sent, and the connection goes on. */
    @Test
    void theDefaultLimitFollowsTheHeapOfWhoeverReads() {
        AutoDaemon<Scales> scales = scales("-Xmx64m").build();
        try (Connection<Scales> connection = scales.connect()) {
            for (int megabytes : List.of(5, 20, 60)) {
                assertThatThrownBy(() -> connection.rpc().weigh("x".repeat(megabytes << 20)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("bytes, the limit is ");
            }
            assertThatThrownBy(() -> connection.rpc().load(6))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageContaining("the result of \"load\" has ");
            assertThat(connection.rpc().weigh("x".repeat(3 << 20))).isEqualTo(3 << 20);
            assertThat(connection.rpc().load(3)).hasSize(3 << 20);
        }
    }
}
