package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both ends of a stream, over whatever there is. */
abstract class StreamEnds {
    /** What is under a stream. */
    enum Kind {
        MEMORY,
        SHARED,
        OWN,
        IN_PROCESS
    }

    interface Ends {
        Duplex open();

        int ping(int n);
    }

    /** Hands the service's end to the test. */
    static final class EndsService implements Service<Ends> {
        static final BlockingQueue<Duplex> SERVED = new LinkedBlockingQueue<>();
        static final CountDownLatch NEVER = new CountDownLatch(1);

        @Override
        public Ends connected(Client client) {
            return new Ends() {
                @Override
                public Duplex open() {
                    return Duplex.serve(stream -> {
                        SERVED.add(stream);
                        try {
                            NEVER.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                }

                @Override
                public int ping(int n) {
                    return n;
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private @Nullable Server server;
    private @Nullable Connection<Ends> connection;
    Duplex here = Duplex.pair().left();
    Duplex there = Duplex.pair().left();

    void open(Kind kind) throws Exception {
        if (kind == Kind.MEMORY) {
            Duplex.Pair pair = Duplex.pair();
            here = pair.left();
            there = pair.right();
            return;
        }
        Connection<Ends> connection = this.connection;
        if (connection == null) {
            AutoDaemonBuilder<Ends> builder =
                    AutoDaemon.of(Ends.class, EndsService.class).socket(scratch.socket());
            if (kind == Kind.IN_PROCESS) {
                connection = builder.inProcess(true).build().connect();
            } else {
                AutoDaemon<Ends> description = builder.build();
                server = description.createServer().listen();
                connection = description.connect();
            }
            this.connection = connection;
            assertThat(connection.rpc().ping(1)).isEqualTo(1);
            if (kind == Kind.SHARED && server != null) {
                // Nobody listens any more, so no connection for a stream can be made.
                server.close();
            }
        }
        EndsService.SERVED.clear();
        here = connection.rpc().open();
        there = EndsService.SERVED.take();
    }

    @AfterEach
    void close() {
        if (connection != null) {
            connection.close();
        }
        if (server != null) {
            server.close();
            server.gone().join();
        }
    }

    Connection<Ends> connection() {
        return Objects.requireNonNull(connection);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    static CompletableFuture<Throwable> thrownBy(ThrowingAction action, CountDownLatch begun) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            begun.countDown();
            try {
                action.run();
                thrown.complete(new AssertionError("nothing was thrown"));
            } catch (Throwable t) {
                thrown.complete(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thrown;
    }

    interface ThrowingAction {
        void run() throws Exception;
    }
}
