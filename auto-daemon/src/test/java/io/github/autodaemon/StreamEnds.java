package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.contract.EndsService;
import io.github.autodaemon.contract.EndsService.Ends;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Streams between two Java sides, both ends of which are in the test. */
final class StreamEnds implements BeforeEachCallback, AfterEachCallback {
    /** What is under a stream. */
    enum Kind {
        MEMORY,
        SHARED,
        OWN,
        IN_PROCESS
    }

    private final Scratch scratch = new Scratch();
    private @Nullable Server server;
    private @Nullable Connection<Ends> connection;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        scratch.create();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (connection != null) {
            connection.close();
        }
        if (server != null) {
            server.close();
            server.gone().join();
        }
        scratch.remove();
    }

    /** The client's end, and the service's. */
    Duplex.Pair open(Kind kind) throws InterruptedException {
        if (kind == Kind.MEMORY) {
            return Duplex.pair();
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
        EndsService.forget();
        return new Duplex.Pair(connection.rpc().open(), EndsService.take());
    }

    Connection<Ends> connection() {
        return Objects.requireNonNull(connection);
    }
}
