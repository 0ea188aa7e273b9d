package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SeparateStream;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The link of a stream with a connection of its own to its session. */
final class StreamLink implements SeparateStream.Link {
    private static final int MAX_REASON = 4096;

    /** Sends a message of the library itself to the peer. */
    interface Control {
        void say(String method, Object args);
    }

    private final Monitor monitor;
    private final Control control;
    private final Streams streams;
    private final String name;

    StreamLink(Monitor monitor, Control control, Streams streams, String name) {
        this.monitor = monitor;
        this.control = control;
        this.streams = streams;
        this.name = name;
    }

    @Override
    public void cancel(String reason, @Nullable Map<String, ?> error) {
        String text = reason.substring(0, Math.min(reason.length(), MAX_REASON));
        if (error != null) {
            try {
                control.say("cancel", List.of(name, text, error));
                return;
            } catch (IllegalArgumentException e) {
                // The error is too long, or a field cannot be carried: the reason alone can be sent.
                assert !text.isEmpty() || reason.isEmpty();
            }
        }
        control.say("cancel", List.of(name, text));
    }

    @Override
    public void unread() {
        control.say("unread", List.of(name));
    }

    @Override
    public void over() {
        monitor.lock();
        try {
            streams.forget(name);
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void await(BooleanSupplier known, long nanos) throws InterruptedException {
        monitor.lock();
        try {
            monitor.await(known, System.nanoTime() + nanos);
        } finally {
            monitor.unlock();
        }
    }
}
