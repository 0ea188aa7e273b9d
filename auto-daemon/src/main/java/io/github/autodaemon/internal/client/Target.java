package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.socket.SocketPath;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to connect to.
 *
 * @param socket where
 * @param service name of the service class a running daemon must have; null when any will do
 * @param args the arguments a running daemon must have, if {@code service} is not null
 * @param launch how to start it, worked out only when it must be; null when nothing may be started
 * @param limits what the daemon may make this side hold
 * @param onSpawn told of each process that is started
 * @param report takes a line the user should see, such as why a daemon was replaced
 */
public record Target(
        SocketPath socket,
        @Nullable String service,
        List<String> args,
        @Nullable Supplier<Launch> launch,
        Limits limits,
        @Nullable Consumer<ProcessHandle> onSpawn,
        Consumer<String> report) {}
