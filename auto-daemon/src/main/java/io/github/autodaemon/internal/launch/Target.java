package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.rpc.Limits;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to connect to.
 *
 * @param socket where
 * @param place where else it may be by now, which is asked under the lock; null when it has one place
 * @param fingerprint what a running daemon must be; null when any will do
 * @param otherwise what to do about one that is something else
 * @param exclusive whether there may be one daemon only, whatever it is
 * @param launch how to start it, worked out only when it must be; null when nothing may be started
 * @param allowRoot whether the daemon may be the superuser's
 * @param limits what the daemon may make this side hold
 * @param stacks whether the daemon is asked for the stacks of what its service throws
 * @param onSpawn told of each process that is started
 * @param report takes a line the user should see, such as why a daemon was replaced
 */
public record Target(
        SocketPath socket,
        @Nullable Place place,
        @Nullable Fingerprint fingerprint,
        DaemonConfig.Otherwise otherwise,
        boolean exclusive,
        @Nullable Launcher launch,
        boolean allowRoot,
        Limits limits,
        boolean stacks,
        @Nullable Consumer<ProcessHandle> onSpawn,
        Consumer<String> report) {
    /** Works out where else the daemon may be. */
    public interface Place {
        /** The place other than {@code socket}; null when there is none. */
        @Nullable
        SocketPath other(SocketPath socket) throws IOException;
    }

    /** Works out how to start a daemon. */
    public interface Launcher {
        /**
         * How.
         *
         * @param socket where it is to listen
         * @param role what else there is
         * @param why it is started, in words
         * @param millis how long it may take
         * @throws IllegalStateException when it cannot be known; says what to do
         */
        Launch launch(SocketPath socket, StartOrder.Role role, String why, long millis);
    }
}
