package io.github.autodaemon;

/** A daemon runs that does not fit this description, and it could not be replaced. The message names the difference. */
public final class IncompatibleException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    public IncompatibleException(String message) {
        super(message);
    }
}
