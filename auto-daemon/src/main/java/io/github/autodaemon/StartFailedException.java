package io.github.autodaemon;

import java.nio.file.Path;
import java.util.OptionalInt;

/** The daemon could not be started. No process is left running. */
public final class StartFailedException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final String log;
    private final String tail;

    public StartFailedException(String message, int exitCode, Path log, String tail) {
        super(message);
        this.exitCode = exitCode;
        this.log = log.toString();
        this.tail = tail;
    }

    /** The exit code of the daemon's process; empty when it had not exited. */
    public OptionalInt exitCode() {
        return exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }

    /** The daemon's log. */
    public Path log() {
        return Path.of(log);
    }

    /** The end of this start's output to the log, without the output of earlier starts. */
    public String tail() {
        return tail;
    }
}
