package io.github.autodaemon.replay;

/** The two ends of a connection. */
enum Side {
    CLIENT,
    SERVER;

    Side peer() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
