package io.github.autodaemon;

import io.github.autodaemon.internal.fs.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A failure between this program and its daemon. The message says what happened, with the value that matters, what to
 * do about it, and where the daemon's log is when that helps. The message can be shown on a terminal: in foreign text,
 * such as a service's exception message, each terminal control character is replaced by a {@code ?}.
 */
public class AutoDaemonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An exception with a message. */
    public AutoDaemonException(String message) {
        super(Printable.of(message));
    }

    /** An exception with a message and a cause. */
    @SuppressWarnings("exports") // The annotation is for compilers.
    public AutoDaemonException(String message, @Nullable Throwable cause) {
        super(Printable.of(message), cause);
    }
}
