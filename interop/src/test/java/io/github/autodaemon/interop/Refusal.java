package io.github.autodaemon.interop;

import java.io.IOException;

/** What {@code workshop.js} throws, in Java. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    public final String code = "EBOOM";
    public final int errno = -5;
    public final boolean retry = false;

    Refusal(String message) {
        super(message, new IOException("disk gone"));
    }
}
