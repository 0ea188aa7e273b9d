package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.UnixSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Makes further connections to the same daemon, each for one stream. */
@FunctionalInterface
public interface StreamConnector {
    /**
     * A new non-blocking connection to the process that now listens at the daemon's path.
     *
     * @return null when no listener can be reached
     */
    @Nullable
    SocketChannel open() throws IOException;

    /**
     * More connections to a path, and to the daemon that serves there then. No lambda: each command comes through here,
     * and the first lambda costs milliseconds.
     */
    static StreamConnector to(SocketPath place, boolean allowRoot) {
        return new StreamConnector() {
            @Override
            public @Nullable SocketChannel open() throws IOException {
                SocketChannel channel = UnixSocket.connect(place).channel();
                boolean kept = false;
                try {
                    if (channel != null) {
                        CurrentUser.checkDaemon(channel, place.directory(), allowRoot);
                    }
                    kept = true;
                    return channel;
                } finally {
                    if (!kept && channel != null) {
                        channel.close();
                    }
                }
            }
        };
    }
}
