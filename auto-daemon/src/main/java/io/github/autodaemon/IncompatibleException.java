package io.github.autodaemon;

/** The running daemon does not fit this description, and could not be replaced. The message names the difference. */
public final class IncompatibleException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    public IncompatibleException(String message) {
        super(message);
    }
}
