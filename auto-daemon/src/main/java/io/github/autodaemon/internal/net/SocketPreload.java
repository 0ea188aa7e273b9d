package io.github.autodaemon.internal.net;

import io.github.autodaemon.internal.fs.CurrentUser;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** What a connection takes of the JDK's selectors, sockets and files, done once with a socket that is connected to nobody. */
public final class SocketPreload {
    private SocketPreload() {}

    /** Runs it. None of it makes a Unix socket. */
    public static void run() throws IOException {
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
    }
}
