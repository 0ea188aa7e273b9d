package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Year;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is thrown fails itself when it is reported. Whoever waits is told all the same, and the next one is served. */
@Timeout(60)
class FailingReportTest {
    /** An error whose every method fails, with an error that does the same. */
    static final class Treacherous extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new Treacherous();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new Treacherous();
        }

        @Override
        public String toString() {
            throw new Treacherous();
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            throw new Treacherous();
        }
    }

    /** Completes a future, and hides its cause. */
    static final class Shell extends CompletionException {
        private static final long serialVersionUID = 1;

        Shell() {
            super("a shell");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new Treacherous();
        }
    }

    /** An argument that is no argument. */
    static final class Refusal extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new Treacherous();
        }
    }

    record Trap(int n) {
        @Override
        public int n() {
            throw new Treacherous();
        }
    }

    /** The service makes one; making it again, of what has arrived, fails. */
    record Bait(int n) {
        private static final AtomicInteger MADE = new AtomicInteger();

        Bait {
            if (MADE.incrementAndGet() > 1) {
                throw new Treacherous();
            }
        }
    }

    public static final class Years implements Codec<Year> {
        @Override
        public Object toPlain(Year year) {
            if (year.getValue() == 0) {
                throw new Treacherous();
            }
            if (year.getValue() == 1) {
                throw new Refusal();
            }
            return year.getValue();
        }

        @Override
        public Year fromPlain(Object plain) {
            if (plain.equals(2L)) {
                throw new Treacherous();
            }
            return Year.of(((Number) plain).intValue());
        }
    }

    interface Post {
        int call(@Nullable String how);

        CompletableFuture<Integer> later(String how);

        CompletableFuture<Trap> trap();

        Trap trapNow();

        CompletableFuture<Bait> bait();

        CompletableFuture<List<Year>> years(int first);

        Year year(Year year);

        @OneWay
        void tell();

        Duplex stream(String how);

        Sequence<Integer> sequence();

        int taken(Sequence<Integer> sequence);
    }

    private static void fail(@Nullable String how) {
        switch (String.valueOf(how)) {
            case "error" -> throw new Treacherous();
            case "caused" -> throw new IllegalStateException("caused", new Treacherous());
            default -> {
                // Not now.
            }
        }
    }

    static final class PostService implements Service<Post> {
        @Override
        public Post connected(Client client) {
            if (client.args().contains("refuse")) {
                throw new Treacherous();
            }
            return new Post() {
                @Override
                public int call(@Nullable String how) {
                    fail(how);
                    return 1;
                }

                @Override
                public CompletableFuture<Integer> later(String how) {
                    return CompletableFuture.failedFuture(how.equals("shell") ? new Shell() : new Treacherous());
                }

                @Override
                public CompletableFuture<Trap> trap() {
                    return CompletableFuture.completedFuture(new Trap(1));
                }

                @Override
                public Trap trapNow() {
                    return new Trap(1);
                }

                @Override
                public CompletableFuture<Bait> bait() {
                    return CompletableFuture.completedFuture(new Bait(1));
                }

                @Override
                public CompletableFuture<List<Year>> years(int first) {
                    return CompletableFuture.completedFuture(List.of(Year.of(first)));
                }

                @Override
                public Year year(Year year) {
                    return year;
                }

                @Override
                public void tell() {
                    fail("error");
                }

                @Override
                public Duplex stream(String how) {
                    if (how.equals("at once")) {
                        throw new Treacherous();
                    }
                    if (how.equals("joined")) {
                        return Duplex.of(InputStream.nullInputStream(), new OutputStream() {
                            @Override
                            public void write(int b) {
                                throw new Treacherous();
                            }
                        });
                    }
                    return Duplex.serve(stream -> {
                        throw new Treacherous();
                    });
                }

                @Override
                public Sequence<Integer> sequence() {
                    return Sequence.produce(sink -> {
                        sink.put(1);
                        throw new Treacherous();
                    });
                }

                @Override
                public int taken(Sequence<Integer> sequence) {
                    int sum = 0;
                    for (int one : sequence) {
                        sum += one;
                    }
                    return sum;
                }
            };
        }
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private Server server;
    private AutoDaemon<Post> post;
    private Connection<Post> connection;

    @BeforeEach
    void serve() {
        post = post().build();
        server = post.createServer().listen();
        connection = post.connect();
    }

    private AutoDaemonBuilder<Post> post() {
        return AutoDaemon.of(Post.class, PostService.class)
                .socket(scratch.socket())
                .codec(Year.class, Years.class)
                .remoteStacks(true);
    }

    /** Whatever went wrong before. */
    @AfterEach
    void theNextCallIsServed() throws Exception {
        assertThat(connection.rpc().call(null)).isEqualTo(1);
        try (Connection<Post> other = post.connect()) {
            assertThat(other.rpc().call(null)).isEqualTo(1);
        }
        connection.close();
        server.close();
        server.gone().get();
    }

    private static void isTold(Class<?> type, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(RemoteException.class, e -> assertThat(e.type())
                .contains(type.getName()));
    }

    private static void isTold(Class<?> type, CompletableFuture<?> future) {
        assertThatThrownBy(future::get).isInstanceOfSatisfying(ExecutionException.class, e -> assertThat(e.getCause())
                .isInstanceOfSatisfying(
                        RemoteException.class, told -> assertThat(told.type()).contains(type.getName())));
    }

    @Test
    void anErrorThatAMethodThrows() {
        isTold(Treacherous.class, () -> connection.rpc().call("error"));
        assertThatThrownBy(() -> connection.rpc().call("caused"))
                .isInstanceOf(RemoteException.class)
                .hasMessage("caused");
    }

    @Test
    void anErrorThatAFutureEndsWith() {
        isTold(Treacherous.class, connection.rpc().later("error"));
        isTold(Shell.class, connection.rpc().later("shell"));
    }

    @Test
    void anErrorOfARecordThatIsTheResult() {
        isTold(Treacherous.class, () -> connection.rpc().trapNow());
        isTold(Treacherous.class, connection.rpc().trap());
    }

    @Test
    void anErrorOfACodec() {
        isTold(Treacherous.class, connection.rpc().years(0));
        assertThatThrownBy(() -> connection.rpc().years(1).get())
                .hasMessageContaining("the codec " + Years.class.getName() + " failed with a value of");
        // The first is thrown where it is made into JSON, the second in the daemon.
        assertThatThrownBy(() -> connection.rpc().year(Year.of(0))).isInstanceOf(Treacherous.class);
        isTold(Treacherous.class, () -> connection.rpc().year(Year.of(2)));
    }

    /** Without a caller who waits it is logged, if it can be. */
    @Test
    void anErrorThatNobodyIsToldOf() {
        for (int i = 0; i < 3; i++) {
            connection.rpc().tell();
        }
    }

    @Test
    void anErrorWhereTheResultArrives() throws Exception {
        CompletableFuture<Bait> bait = connection.rpc().bait();
        assertThatThrownBy(bait::get).isInstanceOf(Throwable.class);
        assertThat(bait).isCompletedExceptionally();
    }

    @Test
    void anErrorOfAStream() throws IOException {
        for (String how : List.of("at once", "in the handler")) {
            Duplex stream = connection.rpc().stream(how);
            assertThatThrownBy(() -> stream.input().read()).hasMessage(Treacherous.class.getName());
        }
        Duplex joined = connection.rpc().stream("joined");
        joined.output().write(1);
        assertThatThrownBy(() -> {
                    while (true) {
                        joined.output().write(new byte[1000]);
                    }
                })
                .hasMessage(Treacherous.class.getName());
    }

    @Test
    void anErrorOfASequence() {
        try (Sequence<Integer> sequence = connection.rpc().sequence()) {
            isTold(Treacherous.class, () -> sequence.forEach(n -> assertThat(n).isEqualTo(1)));
        }
        assertThatThrownBy(() -> connection.rpc().taken(Sequence.produce(sink -> {
                    throw new Treacherous();
                })))
                .isInstanceOf(Treacherous.class);
    }

    @Test
    void aServiceThatRefusesItsClient() throws Exception {
        AutoDaemon<Post> refusing =
                post().socket(scratch.directory().resolve("t")).args("refuse").build();
        Server refuser = refusing.createServer().listen();
        try (Connection<Post> refused = refusing.connect()) {
            assertThatThrownBy(() -> refused.rpc().call(null))
                    .hasMessage("the service failed when this client connected: " + Treacherous.class.getName());
            Duplex stream = refused.rpc().stream("");
            assertThatThrownBy(() -> stream.input().read())
                    .hasMessage("the service failed when this client connected: " + Treacherous.class.getName());
        }
        refuser.close();
        refuser.gone().get();
    }
}
