package io.github.autodaemon;

/**
 * No answer to a call came in time. The call was cancelled: if it waited for its turn it does not run any more, and if it
 * ran its thread was interrupted. The connection goes on.
 */
public final class CallTimeoutException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    CallTimeoutException(String method, long millis) {
        super("the call of \"" + method + "\" was not answered within " + millis
                + " ms; it may have run, and was cancelled");
    }
}
