package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.SeparateStream;
import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.OwnStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections that a client made for streams which it is about to open. The monitor of its session is held. */
final class Attachments {
    private final Session session;
    private final int limit;
    private final Map<String, SocketChannel> byName = new HashMap<>();

    Attachments(Session session, int limit) {
        this.session = session;
        this.limit = limit;
    }

    void add(String name, SocketChannel channel) {
        if (session.closedBecause() != null || byName.size() >= limit || byName.putIfAbsent(name, channel) != null) {
            close(channel);
        }
    }

    @Nullable
    SeparateStream take(String name) {
        SocketChannel channel = byName.remove(name);
        return channel == null ? null : new OwnStream(channel, session.link(name));
    }

    void closeAll() {
        byName.values().forEach(Attachments::close);
        byName.clear();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same (close(2)).
            assert !channel.isOpen();
        }
    }
}
