package io.github.autodaemon;

/**
 * No answer to a call came in time, or no value of a sequence. The call was cancelled: if the call waited for its turn
 * it does not run any more, and if it ran its thread was interrupted. The connection goes on.
 */
public final class CallTimeoutException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    public CallTimeoutException(String method, long millis) {
        super("the call of \"" + method + "\" was not answered within " + millis
                + " ms; it may have run, and was cancelled");
    }

    private CallTimeoutException(String message) {
        super(message);
    }

    /** A one-way call was not sent in time. No caller waits for an answer, so the call cannot be cancelled. */
    public static CallTimeoutException unsent(String method, long millis) {
        return new CallTimeoutException(
                "the call of \"" + method + "\" was not sent within " + millis + " ms; it may still run");
    }

    /** The caller's wait for a value took too long. */
    public static CallTimeoutException ofSequence(String method, long millis) {
        return new CallTimeoutException(
                "no value of the sequence of \"" + method + "\" came within " + millis + " ms; it was cancelled");
    }
}
