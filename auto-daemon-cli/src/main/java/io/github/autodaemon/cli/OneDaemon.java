package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command about one daemon. */
abstract class OneDaemon extends Printing {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which daemon.")
    private @Nullable String name;

    @Option(names = "--socket", paramLabel = "PATH", description = "Which daemon, by its socket.")
    private @Nullable Path socket;

    /** The one that is meant; it need not be there. */
    Daemon daemon() {
        return Which.daemon(name, socket, this::wrong);
    }
}
