package io.github.autodaemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.testing.Scratch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests for streams whose arguments are larger than a socket's buffer, and than what else is said about streams. */
@Timeout(60)
class StreamRequestTest {
    private static final int PAST_THE_SOCKET = 400_000;
    private static final int LARGE = 4_000_000;

    interface Texts {
        Sequence<Integer> lengths(String text);

        int sum(String text, Sequence<Integer> numbers);

        Duplex echo(String text);

        int ping(int n);
    }

    static final class TextsService implements Service<Texts> {
        @Override
        public Texts connected(Client client) {
            return new Texts() {
                @Override
                public Sequence<Integer> lengths(String text) {
                    return Sequence.of(List.of(text.length()));
                }

                @Override
                public int sum(String text, Sequence<Integer> numbers) {
                    int sum = text.length();
                    for (int number : numbers) {
                        sum += number;
                    }
                    return sum;
                }

                @Override
                public Duplex echo(String text) {
                    return Duplex.serve(stream -> {
                        stream.output().write((text.length() + ":").getBytes(UTF_8));
                        stream.input().transferTo(stream.output());
                    });
                }

                @Override
                public int ping(int n) {
                    return n;
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
    private @Nullable Connection<Texts> connection;

    private Texts connect(Kind kind) {
        AutoDaemonBuilder<Texts> builder =
                AutoDaemon.of(Texts.class, TextsService.class).socket(scratch.socket());
        Connection<Texts> made;
        if (kind == Kind.IN_PROCESS) {
            made = builder.inProcess(true).build().connect();
        } else {
            AutoDaemon<Texts> description = builder.build();
            Server serving = description.createServer().listen();
            server = serving;
            made = description.connect();
            assertThat(made.rpc().ping(1)).isEqualTo(1);
            if (kind == Kind.SHARED) {
                // Nobody listens any more, so no connection for a stream can be made.
                serving.close();
            }
        }
        connection = made;
        return made.rpc();
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

    @ParameterizedTest
    @EnumSource
    void argumentsMayBeLargerThanTheSocketsBuffer(Kind kind) throws Exception {
        Texts rpc = connect(kind);
        for (int size : new int[] {PAST_THE_SOCKET, LARGE}) {
            String text = "x".repeat(size);
            List<Integer> lengths = new ArrayList<>();
            try (Sequence<Integer> sequence = rpc.lengths(text)) {
                sequence.forEach(lengths::add);
            }
            assertThat(lengths).containsExactly(size);
            assertThat(rpc.sum(text, Sequence.of(List.of(1, 2)))).isEqualTo(size + 3);
            try (Duplex stream = rpc.echo(text)) {
                stream.output().write("hello".getBytes(UTF_8));
                stream.output().close();
                assertThat(stream.input().readAllBytes()).asString().isEqualTo(size + ":hello");
            }
        }
        assertThat(rpc.ping(2)).isEqualTo(2);
    }

    @Test
    void soMayThoseOfADaemonThatIsKnownByItsMethodsNames() throws Exception {
        connect(Kind.OWN);
        AutoDaemon<Rpc> names =
                AutoDaemon.dynamic("echo:s", "ping").socket(scratch.socket()).build();
        try (Connection<Rpc> other = names.connectIfRunning().orElseThrow();
                Duplex stream = other.rpc().stream("echo", "x".repeat(LARGE))) {
            stream.output().close();
            assertThat(stream.input().readAllBytes()).asString().isEqualTo(LARGE + ":");
        }
    }

    /** Past the limit nothing is sent, and the connection goes on. */
    @Test
    void whatIsLongerThanALineMayBeIsRefusedBeforeItIsSent() {
        connect(Kind.OWN);
        AutoDaemon<Texts> small = AutoDaemon.of(Texts.class, TextsService.class)
                .socket(scratch.socket())
                .maxMessage(1 << 20)
                .build();
        try (Connection<Texts> other = small.connect()) {
            assertThatThrownBy(() -> other.rpc().echo("x".repeat(1 << 20)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"echo\" was not called")
                    .hasMessageContaining("the limit is 1048576");
            assertThat(other.rpc().ping(3)).isEqualTo(3);
        }
    }

    /** A long request takes its time to be parsed; what is sent behind it, in one piece with it, is not read before. */
    @Test
    void whatFollowsALongRequestIsReadAfterIt() throws Exception {
        connect(Kind.OWN);
        String text = "x".repeat(40_000);
        try (RawPeer peer = new RawPeer(scratch.socket())) {
            peer.send(RawPeer.joined(
                    RawPeer.opening(),
                    RawPeer.control("[\"open\",[\"5\",\"echo\",[\"" + text + "\"]],-1]"),
                    Frame.of(5, Frame.NEW),
                    Frame.of(5, Frame.DATA, "hello".getBytes(UTF_8)),
                    Frame.of(5, Frame.END)));
            String echoed = "40000:hello";
            assertThat(peer.text("5", echoed.length())).isEqualTo(echoed);
        }
    }
}
