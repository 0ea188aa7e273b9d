package io.github.autodaemon.bench.peer;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Rpc;
import java.nio.file.Path;

/** What {@code ./counter --socket SOCKET add N} does, with the dynamic layer: {@code DynamicCommand SOCKET N}. */
final class DynamicCommand {
    private DynamicCommand() {}

    /** Runs the command. */
    public static void main(String[] args) {
        AutoDaemon<Rpc> counter =
                AutoDaemon.dynamic("add").socket(Path.of(args[0])).build();
        Object sum;
        try (Connection<Rpc> connection = counter.connect()) {
            sum = connection.rpc().call("add", Long.parseLong(args[1]));
        }
        System.out.println(sum);
    }
}
