package io.github.autodaemon.internal.net;

import io.github.autodaemon.internal.fs.CurrentUser;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Loads the JDK's selector, socket and file classes that a connection needs, with a socket that is not connected. */
public final class SocketPreload {
    private SocketPreload() {}

    /** Loads the classes. Makes no Unix socket. */
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
            // The loop need not wait: epoll(7) reports a hang-up for a socket without a peer.
            loop.runOnce(1, false);
            loop.readBuffer();
        }
    }
}
