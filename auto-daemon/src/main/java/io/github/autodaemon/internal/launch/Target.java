package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.rpc.Limits;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The daemon to connect to.
 *
 * @param socket the path of the daemon's socket
 * @param place finds the daemon's other possible path, under the lock; null when there is only one path
 * @param fingerprint the fingerprint that a running daemon must have; null when any daemon fits
 * @param otherwise what to do about a daemon that does not fit
 * @param exclusive whether there may be only one daemon, of any fingerprint
 * @param launch makes the launch, only when the daemon must be started; null when none may be started
 * @param allowRoot whether the daemon may be the superuser's
 * @param limits the limits of what the daemon may make this side hold
 * @param stacks whether the daemon is asked for the stacks of its service's exceptions
 * @param onSpawn told of each process that is started
 * @param report takes a line that the user should see, such as why a daemon was replaced
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
    /** Finds the daemon's other possible path. */
    public interface Place {
        /** The path other than {@code socket}; null when there is none. */
        @Nullable
        SocketPath other(SocketPath socket) throws IOException;
    }

    /** Makes the launch of a daemon. */
    public interface Launcher {
        /**
         * The launch.
         *
         * @param socket where the daemon is to listen
         * @param role the daemon's role beside an existing daemon
         * @param why the daemon is started, in words
         * @param millis the start's timeout in milliseconds
         * @throws IllegalStateException when the launch cannot be determined; the message says what to do
         */
        Launch launch(SocketPath socket, StartOrder.Role role, String why, long millis);
    }
}
