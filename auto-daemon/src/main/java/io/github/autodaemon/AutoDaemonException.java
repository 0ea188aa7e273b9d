package io.github.autodaemon;

import org.jspecify.annotations.Nullable;

/**
 * Something went wrong between this program and its daemon. The message says what happened, with the value that matters,
 * what to do about it, and where the daemon's log is when that helps.
 */
public class AutoDaemonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An exception with a message. */
    AutoDaemonException(String message) {
        super(message);
    }

    /** An exception with a message and a cause. */
    AutoDaemonException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
