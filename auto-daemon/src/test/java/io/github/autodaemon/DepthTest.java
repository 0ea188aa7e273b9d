package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who writes knows how deep a value may be for whoever reads it; the connection, and what else runs on it, goes on. */
@Timeout(60)
class DepthTest {
    private static final String TOO_DEEP = "is nested more than 200 levels deep, with what is around it; see maxDepth";

    interface Mine {
        Object mirror(Object value);

        CompletableFuture<Object> mirrorLater(Object value);

        Object dig(int levels);

        CompletableFuture<Object> digLater(int levels);

        @OneWay
        void bury(Object value);

        Duplex shaft(Object value);

        Sequence<Object> seam(int levels);

        int depths(Sequence<Object> values);

        int gallery(Plain value);

        CompletableFuture<String> gate();

        void open();
    }

    /** By Gson's adapters. */
    static final class Plain {
        List<Object> below = List.of();
    }

    static final class MineService implements Service<Mine> {
        private final CompletableFuture<String> gate = new CompletableFuture<>();

        @Override
        public Mine connected(Client client) {
            return new Mine() {
                @Override
                public Object mirror(Object value) {
                    return value;
                }

                @Override
                public CompletableFuture<Object> mirrorLater(Object value) {
                    return CompletableFuture.completedFuture(value);
                }

                @Override
                public Object dig(int levels) {
                    return nested(levels);
                }

                @Override
                public CompletableFuture<Object> digLater(int levels) {
                    return CompletableFuture.completedFuture(nested(levels));
                }

                @Override
                public void bury(Object value) {}

                @Override
                public Duplex shaft(Object value) {
                    return Duplex.serve(stream -> stream.output().write(depth(value)));
                }

                @Override
                public Sequence<Object> seam(int levels) {
                    return Sequence.of(List.of(nested(levels)));
                }

                @Override
                public int depths(Sequence<Object> values) {
                    int sum = 0;
                    for (Object value : values) {
                        sum += depth(value);
                    }
                    return sum;
                }

                @Override
                public int gallery(Plain value) {
                    return depth(value.below);
                }

                @Override
                public CompletableFuture<String> gate() {
                    return gate;
                }

                @Override
                public void open() {
                    gate.complete("open");
                }
            };
        }
    }

    private static List<Object> nested(int levels) {
        List<Object> list = new ArrayList<>();
        for (int i = 1; i < levels; i++) {
            list = new ArrayList<>(List.of(list));
        }
        return list;
    }

    private static int depth(@Nullable Object value) {
        int depth = 0;
        @Nullable Object inner = value;
        while (inner instanceof List<?> list) {
            depth++;
            inner = list.isEmpty() ? "" : list.get(0);
        }
        return depth;
    }

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private Server server;
    private Connection<Mine> connection;
    private CompletableFuture<String> other;

    @BeforeEach
    void serve() {
        AutoDaemon<Mine> mine = mine().build();
        server = mine.createServer().listen();
        connection = mine.connect();
        other = connection.rpc().gate();
    }

    private AutoDaemonBuilder<Mine> mine() {
        return AutoDaemon.of(Mine.class, MineService.class).socket(scratch.socket());
    }

    /** The same connection, and a call that was outstanding all the time. */
    @AfterEach
    void theConnectionGoesOn() throws Exception {
        connection.rpc().open();
        assertThat(other.get()).isEqualTo("open");
        connection.close();
        server.close();
        server.gone().get();
    }

    private static void isRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageEndingWith(TOO_DEEP);
    }

    @Test
    void arguments() throws Exception {
        Mine rpc = connection.rpc();
        assertThat(depth(rpc.mirror(nested(198)))).isEqualTo(198);
        assertThat(depth(rpc.mirrorLater(nested(198)).get())).isEqualTo(198);
        for (int levels : List.of(199, 200, 300, 490)) {
            List<Object> value = nested(levels);
            isRefused(() -> rpc.mirror(value));
            isRefused(() -> rpc.mirrorLater(value).get());
            isRefused(() -> rpc.bury(value));
            isRefused(() -> rpc.shaft(value));
        }
        Plain plain = new Plain();
        plain.below = nested(197);
        assertThat(rpc.gallery(plain)).isEqualTo(197);
        plain.below = nested(198);
        isRefused(() -> rpc.gallery(plain));
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> rpc.mirror(itself)).hasMessageContaining("does it contain itself?");
    }

    @Test
    void results() throws Exception {
        Mine rpc = connection.rpc();
        assertThat(depth(rpc.dig(198))).isEqualTo(198);
        assertThat(depth(rpc.digLater(198).get())).isEqualTo(198);
        for (int levels : List.of(199, 200, 300, 490)) {
            assertThatThrownBy(() -> rpc.dig(levels))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("the result of \"dig\" " + TOO_DEEP);
            assertThatThrownBy(() -> rpc.digLater(levels).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageEndingWith("the result of \"digLater\" " + TOO_DEEP);
        }
    }

    @Test
    void streamsAndSequences() throws Exception {
        Mine rpc = connection.rpc();
        try (Duplex shaft = rpc.shaft(nested(197))) {
            assertThat(shaft.input().read()).isEqualTo(197);
        }
        try (Sequence<Object> seam = rpc.seam(200)) {
            assertThat(depth(seam.iterator().next())).isEqualTo(200);
        }
        try (Sequence<Object> seam = rpc.seam(201)) {
            assertThatThrownBy(() -> seam.iterator().next())
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("a value of a sequence " + TOO_DEEP);
        }
        assertThat(rpc.depths(Sequence.of(List.of(nested(200))))).isEqualTo(200);
        assertThatThrownBy(() -> rpc.depths(Sequence.of(List.of(nested(201)))))
                .hasMessageContaining("a value of a sequence " + TOO_DEEP);
    }

    @Test
    void byName() {
        try (Connection<Rpc> named = AutoDaemon.dynamic("mirror", "dig", "bury", "shaft:s")
                .socket(scratch.socket())
                .build()
                .connect()) {
            assertThat(depth(named.rpc().call("mirror", nested(198)))).isEqualTo(198);
            isRefused(() -> named.rpc().call("mirror", nested(199)));
            isRefused(() -> named.rpc().send("bury", nested(199)));
            isRefused(() -> named.rpc().stream("shaft", nested(198)));
            assertThatThrownBy(() -> named.rpc().call("dig", 199)).isInstanceOf(RemoteException.class);
            assertThat(named.rpc().call("dig", 1)).isEqualTo(List.of());
        }
    }

    /** The smaller limit of both sides holds, in both directions. */
    @Test
    void whoReadsLessHasSaidSo() {
        try (Connection<Mine> shallow =
                mine().maxDepth(20).maxMessage(5000).build().connect()) {
            assertThat(depth(shallow.rpc().dig(18))).isEqualTo(18);
            assertThatThrownBy(() -> shallow.rpc().dig(19))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageContaining("is nested more than 20 levels deep");
            assertThatThrownBy(() -> shallow.rpc().mirror(nested(19)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is nested more than 20 levels deep");
            try (Sequence<Object> seam = shallow.rpc().seam(21)) {
                assertThatThrownBy(() -> seam.iterator().next()).hasMessageContaining("more than 20 levels");
            }
            assertThatThrownBy(() -> shallow.rpc().mirror("x".repeat(5000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bytes, the limit is 5000; see maxMessage");
            // Characters are not bytes.
            assertThat(shallow.rpc().mirror("x".repeat(4000))).isEqualTo("x".repeat(4000));
            assertThatThrownBy(() -> shallow.rpc().mirror("\u00fc".repeat(4000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bytes, the limit is 5000; see maxMessage");
        }
    }

    @Test
    void howDeepItMayBeAllowed() {
        for (int levels : List.of(9, 501)) {
            assertThatThrownBy(() -> mine().maxDepth(levels))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxDepth(" + levels + "): from 10 to 500 levels can be allowed");
        }
        assertThat(mine().maxDepth(500)).isNotNull();
    }
}
