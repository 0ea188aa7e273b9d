package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SeparateStream;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a stream with a connection of its own says and hears on the session it belongs to. */
final class StreamLink implements SeparateStream.Link {
    private static final int MAX_REASON = 4096;

    private final Session session;
    private final Streams streams;
    private final String name;

    StreamLink(Session session, Streams streams, String name) {
        this.session = session;
        this.streams = streams;
        this.name = name;
    }

    @Override
    public void cancel(String reason, @Nullable Map<String, ?> error) {
        String text = reason.substring(0, Math.min(reason.length(), MAX_REASON));
        if (error != null) {
            try {
                session.control("cancel", List.of(name, text, error), null);
                return;
            } catch (IllegalArgumentException e) {
                // Too long, or a field that cannot be carried: the reason alone can.
                assert !text.isEmpty() || reason.isEmpty();
            }
        }
        session.control("cancel", List.of(name, text), null);
    }

    @Override
    public void unread() {
        session.control("unread", List.of(name), null);
    }

    @Override
    public void over() {
        Monitor monitor = session.monitor();
        monitor.lock();
        try {
            streams.forget(name);
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void await(BooleanSupplier known, long nanos) throws InterruptedException {
        Monitor monitor = session.monitor();
        monitor.lock();
        try {
            monitor.await(known, System.nanoTime() + nanos);
        } finally {
            monitor.unlock();
        }
    }
}
