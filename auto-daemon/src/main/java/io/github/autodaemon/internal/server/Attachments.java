package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.mux.SeparateStream;
import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.Loop;
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
    private final Loop loop;
    private final long patience;
    private final Map<String, SocketChannel> byName = new HashMap<>();
    private final Map<String, Loop.Timer> timers = new HashMap<>();

    /** {@code patience} is the time in nanoseconds after which a stream should have been opened. */
    Attachments(Session session, int limit, Loop loop, long patience) {
        this.session = session;
        this.limit = limit;
        this.loop = loop;
        this.patience = patience;
    }

    void add(String name, SocketChannel channel) {
        if (session.closedBecause() != null || byName.size() >= limit || byName.putIfAbsent(name, channel) != null) {
            close(channel);
        } else {
            timers.put(name, loop.after(patience, () -> expire(name, channel)));
        }
    }

    /** Nobody reads it, so nothing else tells that its client has changed its mind. */
    private void expire(String name, SocketChannel channel) {
        session.monitor().lock();
        try {
            if (byName.remove(name, channel)) {
                timers.remove(name);
                close(channel);
            }
        } finally {
            session.monitor().unlock();
        }
    }

    @Nullable
    SeparateStream take(String name) {
        SocketChannel channel = byName.remove(name);
        forget(timers.remove(name));
        return channel == null ? null : new OwnStream(channel, session.link(name));
    }

    void closeAll() {
        byName.values().forEach(Attachments::close);
        byName.clear();
        timers.values().forEach(Attachments::forget);
        timers.clear();
    }

    private static void forget(Loop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
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
