package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.UnixSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Where further connections to the same daemon come from, each for one stream. */
@FunctionalInterface
public interface StreamConnector {
    /**
     * A new connection, non-blocking, to whoever listens where the daemon did.
     *
     * @return null when nobody can be reached
     */
    @Nullable
    SocketChannel open() throws IOException;

    /**
     * More connections to a place, and to whichever daemon serves there then. No lambda: each command comes through, and the
     * first one costs milliseconds.
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
