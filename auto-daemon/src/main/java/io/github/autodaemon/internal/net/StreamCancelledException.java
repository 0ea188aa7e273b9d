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

    /** {@code error} is the error object of the exception that was thrown there, if the peer sent one. */
    public StreamCancelledException(boolean byPeer, String reason, @Nullable Map<?, ?> error) {
        super(Printable.of(reason));
        this.byPeer = byPeer;
        this.error = error;
    }

    /** Whether the peer cancelled the stream, and not this side. */
    public boolean isByPeer() {
        return byPeer;
    }

    /** The error object of the exception that was thrown there, as plain values; null when the peer sent none. */
    public @Nullable Map<?, ?> error() {
        return error;
    }
}
