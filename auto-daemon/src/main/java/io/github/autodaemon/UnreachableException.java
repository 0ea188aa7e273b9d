package io.github.autodaemon;

import org.jspecify.annotations.Nullable;

/**
 * No daemon could be reached, and none was started: because the listener does not respond or is no auto-daemon, because
 * the socket's directory is not safe, because the timeout has passed, or because the caller allowed no start. Nothing
 * was deleted.
 */
public final class UnreachableException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("exports") // The annotation is for compilers.
    public UnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
