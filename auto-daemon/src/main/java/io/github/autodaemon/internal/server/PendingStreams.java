package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.net.DedicatedStream;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.net.SeparateStream;
import io.github.autodaemon.internal.rpc.Session;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections that a client made for streams that it is about to open. The monitor of its session is held. */
final class PendingStreams {
    private final Session session;
    private final int limit;
    private final Loop loop;
    private final long interval;
    private final Map<String, DedicatedStream> byName = new HashMap<>();
    private final Map<String, Loop.Timer> timers = new HashMap<>();

    /** {@code interval} is the time in nanoseconds between checks whether a client has closed its connection. */
    PendingStreams(Session session, int limit, Loop loop, long interval) {
        this.session = session;
        this.limit = limit;
        this.loop = loop;
        this.interval = interval;
    }

    void add(String name, SocketChannel channel) {
        DedicatedStream stream = new DedicatedStream(channel, session.link(name));
        if (session.closedBecause() != null || byName.size() >= limit || byName.putIfAbsent(name, stream) != null) {
            stream.abandon();
        } else {
            lookLater(name, stream);
        }
    }

    private void lookLater(String name, DedicatedStream stream) {
        timers.put(name, loop.after(interval, () -> look(name, stream)));
    }

    /**
     * No thread reads the connection, so only this check shows that the client has closed it. An open connection is
     * kept: the request may be long, or this side may not read requests for now.
     */
    private void look(String name, DedicatedStream stream) {
        session.monitor().lock();
        try {
            if (byName.get(name) != stream) {
                return;
            }
            if (stream.isAbandoned()) {
                byName.remove(name);
                timers.remove(name);
                stream.abandon();
            } else {
                lookLater(name, stream);
            }
        } finally {
            session.monitor().unlock();
        }
    }

    @Nullable
    SeparateStream take(String name) {
        forget(timers.remove(name));
        return byName.remove(name);
    }

    void closeAll() {
        byName.values().forEach(DedicatedStream::abandon);
        byName.clear();
        timers.values().forEach(PendingStreams::forget);
        timers.clear();
    }

    private static void forget(Loop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
