package io.github.autodaemon.internal.launch;

import org.jspecify.annotations.Nullable;

/** Why there is no connection. Checked, so that it is turned into a public exception in one place. */
public final class ConnectFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** What kind of failure. */
    public enum Kind {
        /** Somebody is there and does not respond, or is no daemon, or the place is not safe, or time is over. */
        UNREACHABLE,
        /** The daemon's process failed to start. */
        START,
        /** The daemon that runs does not fit and could not be replaced. */
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

    /** Of the daemon's process; -1 when it had not exited. */
    public int exitCode() {
        return exitCode;
    }

    /** Where the log of this start is; null when it has none. */
    public @Nullable String log() {
        return log;
    }

    /** What this start wrote to the log. */
    public String tail() {
        return tail;
    }
}
