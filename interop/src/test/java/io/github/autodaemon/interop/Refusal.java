package io.github.autodaemon.interop;

import java.io.IOException;

/** What {@code workshop.js} throws, in Java. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    final String code = "EBOOM";
    final int errno = -5;
    final boolean retry = false;

    Refusal(String message) {
        super(message, new IOException("disk gone"));
    }
}
