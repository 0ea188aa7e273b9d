package io.github.autodaemon.internal.net;

import io.github.autodaemon.internal.fs.Printable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream was cancelled, and its connection may go on; the message is the reason. */
public final class StreamCancelledException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean byPeer;
    private final transient @Nullable Map<?, ?> error;

    /** {@code error} is what was thrown there, if the peer said so. */
    public StreamCancelledException(boolean byPeer, String reason, @Nullable Map<?, ?> error) {
        super(Printable.of(reason));
        this.byPeer = byPeer;
        this.error = error;
    }

    /** Whether the peer cancelled it, and not this side. */
    public boolean isByPeer() {
        return byPeer;
    }

    /** What was thrown there, as plain values; null when the peer did not say. */
    public @Nullable Map<?, ?> error() {
        return error;
    }
}
