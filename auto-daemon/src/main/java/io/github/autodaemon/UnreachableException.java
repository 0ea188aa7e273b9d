package io.github.autodaemon;

import org.jspecify.annotations.Nullable;

/**
 * No daemon could be reached, and none was started: because somebody is there who does not respond or is no auto-daemon,
 * because the socket's place is not safe, because the time was over, or because the caller asked for none to be started.
 * Nothing was deleted.
 */
public final class UnreachableException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("exports") // The annotation is for whoever compiles.
    public UnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
