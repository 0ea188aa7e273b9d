package io.github.autodaemon.chaos;

/** Something happened that must not. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
