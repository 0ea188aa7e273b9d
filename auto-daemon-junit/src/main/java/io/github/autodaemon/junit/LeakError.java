package io.github.autodaemon.junit;

/** A test has left something behind; the message says what, and what to do. */
final class LeakError extends AssertionError {
    private static final long serialVersionUID = 1;

    LeakError(String message) {
        super(message);
    }
}
