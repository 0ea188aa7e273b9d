package io.github.autodaemon.testing;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Server;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A directory in which a {@link Lab} with the arguments {@code x} and {@code y} is served by this process, and a client's connection. */
public final class ServedLab extends TestDirectory {
    private @Nullable Server server;
    private @Nullable Connection<Lab> connection;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        super.beforeEach(context);
        AutoDaemon<Lab> description = description();
        server = description.createServer().listen();
        connection = description.connect();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            connection().close();
            server().close();
            server().gone().get();
        } finally {
            super.afterEach(context);
        }
    }

    public Path socket() {
        return directory().resolve("s");
    }

    public AutoDaemon<Lab> description() {
        return AutoDaemon.of(Lab.class, LabService.class)
                .socket(socket())
                .args("x", "y")
                .build();
    }

    public Server server() {
        return Objects.requireNonNull(server);
    }

    public Connection<Lab> connection() {
        return Objects.requireNonNull(connection);
    }

    /** What the connection calls. */
    public Lab lab() {
        return connection().rpc();
    }
}
