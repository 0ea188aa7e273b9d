package io.github.autodaemon.internal.net;

import io.github.autodaemon.internal.fs.CurrentUser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** What a connection takes of the JDK's selectors, sockets and files, done once with a socket that is connected to nobody. */
public final class SocketPreload {
    private SocketPreload() {}

    /**
     * Runs it.
     *
     * @param withUnixSocket whether it makes one, too, for which it would wait while the head start runs
     */
    public static void run(boolean withUnixSocket) throws IOException {
        try (SocketChannel nobodys = SocketChannel.open();
                Loop loop = new Loop()) {
            CurrentUser.preload(nobodys);
            nobodys.configureBlocking(false);
            loop.register(nobodys, SelectionKey.OP_READ, new Loop.Handler() {
                @Override
                public void ready(SelectionKey key) {
                    key.cancel();
                }
            });
            // It need not wait: to epoll(7), the other end of a socket that has none has hung up.
            loop.runOnce(1, false);
            loop.readBuffer();
        }
        if (withUnixSocket) {
            try (SocketChannel unconnected = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                // Which throws on Linux, as there is no other end.
                var unused = CurrentUser.peer(unconnected);
            }
        }
    }
}
