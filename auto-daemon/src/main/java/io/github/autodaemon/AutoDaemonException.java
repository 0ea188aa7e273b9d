package io.github.autodaemon;

import io.github.autodaemon.internal.fs.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong between this program and its daemon. The message says what happened, with the value that matters,
 * what to do about it, and where the daemon's log is when that helps. It can be shown on a terminal: where it has text of
 * others, such as what a service's exception says, each character that a terminal would obey is a {@code ?}.
 */
public class AutoDaemonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An exception with a message. */
    public AutoDaemonException(String message) {
        super(Printable.of(message));
    }

    /** An exception with a message and a cause. */
    @SuppressWarnings("exports") // The annotation is for whoever compiles.
    public AutoDaemonException(String message, @Nullable Throwable cause) {
        super(Printable.of(message), cause);
    }
}
