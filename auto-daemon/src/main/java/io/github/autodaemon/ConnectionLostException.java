package io.github.autodaemon;

/** The connection ended before the answer to a call came. {@link AutoDaemon#connect()} makes a new one. */
public final class ConnectionLostException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    private final boolean mayHaveRun;

    public ConnectionLostException(String method, boolean mayHaveRun, String reason) {
        super("the connection was lost "
                + (mayHaveRun
                        ? "during the call of \"" + method + "\", which may have run"
                        : "before \"" + method + "\" was called, which has not run")
                + ": " + reason);
        this.mayHaveRun = mayHaveRun;
    }

    /** True if the call had been sent, so that it may have run, wholly or in part; if false, the call has not run. */
    public boolean mayHaveRun() {
        return mayHaveRun;
    }
}
