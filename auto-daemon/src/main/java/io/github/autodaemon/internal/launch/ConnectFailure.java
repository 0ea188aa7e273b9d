package io.github.autodaemon.internal.launch;

import org.jspecify.annotations.Nullable;

/** Why there is no connection. Checked, so that it is turned into a public exception in one place. */
public final class ConnectFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** The kinds of failures. */
    public enum Kind {
        /**
         * A listener does not respond, or is no daemon, or the socket's directory is not safe, or the deadline has
         * passed.
         */
        UNREACHABLE,
        /** The daemon's process failed to start. */
        START,
        /** The running daemon does not fit and could not be replaced. */
        INCOMPATIBLE,
        /** The waiting thread was interrupted. */
        INTERRUPTED
    }

    private final Kind kind;
    private final int exitCode;
    private final String tail;
    private final @Nullable String log;

    ConnectFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.exitCode = -1;
        this.tail = "";
        this.log = null;
    }

    ConnectFailure(String message, int exitCode, String tail, @Nullable String log) {
        super(message);
        this.log = log;
        this.kind = Kind.START;
        this.exitCode = exitCode;
        this.tail = tail;
    }

    /** The kind. */
    public Kind kind() {
        return kind;
    }

    /** The exit code of the daemon's process; -1 when it had not exited. */
    public int exitCode() {
        return exitCode;
    }

    /** The path of this start's log; null when it has none. */
    public @Nullable String log() {
        return log;
    }

    /** The end of this start's output to the log. */
    public String tail() {
        return tail;
    }
}
