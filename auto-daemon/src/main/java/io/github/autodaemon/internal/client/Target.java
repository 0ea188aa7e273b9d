package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.socket.SocketPath;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to connect to.
 *
 * @param socket where
 * @param fingerprint what a running daemon must be; null when any will do
 * @param replace whether one that is something else is asked to retire; else it is a failure
 * @param launch how to start it, worked out only when it must be; null when nothing may be started
 * @param allowRoot whether the daemon may be the superuser's
 * @param limits what the daemon may make this side hold
 * @param stacks whether the daemon is asked for the stacks of what its service throws
 * @param onSpawn told of each process that is started
 * @param report takes a line the user should see, such as why a daemon was replaced
 */
public record Target(
        SocketPath socket,
        @Nullable Fingerprint fingerprint,
        boolean replace,
        @Nullable Launcher launch,
        boolean allowRoot,
        Limits limits,
        boolean stacks,
        @Nullable Consumer<ProcessHandle> onSpawn,
        Consumer<String> report) {
    /** Works out how to start a daemon. */
    public interface Launcher {
        /**
         * How.
         *
         * @param why it is started, in words
         * @param millis how long it may take
         * @throws IllegalStateException when it cannot be known; says what to do
         */
        Launch launch(String why, long millis);
    }
}
