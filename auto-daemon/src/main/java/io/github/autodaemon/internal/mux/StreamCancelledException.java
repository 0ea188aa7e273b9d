package io.github.autodaemon.internal.mux;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The peer cancelled a stream; the message is its reason. */
public final class StreamCancelledException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Map<?, ?> error;

    /** {@code error} is what was thrown there, if the peer said so. */
    public StreamCancelledException(String reason, @Nullable Map<?, ?> error) {
        super(Printable.of(reason));
        this.error = error;
    }

    /** What was thrown there, as plain values; null when the peer did not say. */
    public @Nullable Map<?, ?> error() {
        return error;
    }
}
