package io.github.autodaemon.bench.peer;

import io.github.autodaemon.Connection;
import java.io.IOException;
import java.nio.file.Path;

/** Starts our daemon, with the processors that this process has, and ends it: {@code TallyServer SOCKET}. */
final class TallyServer {
    private TallyServer() {}

    /** Runs until its input ends. */
    public static void main(String[] args) throws IOException {
        try (Connection<Tally> connection = Tally.at(Path.of(args[0])).connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            Serving.untilInputEnds(daemon.pid());
            connection.rpc().close();
            daemon.onExit().join();
        }
        System.exit(0);
    }
}
