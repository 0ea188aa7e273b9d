package io.github.autodaemon.cli;

/** A command cannot go on; the message is for the user, and the code is what the process ends with. */
final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int exitCode;

    Stopped(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
