package io.github.autodaemon.cli;

import io.github.autodaemon.Duplex;
import java.util.Map;

/** A service with what the command can show of one. */
interface Desk {
    long add(long n);

    /** Does not return before it is interrupted. */
    void hold();

    void fail(String message);

    Map<String, Object> mirror(Map<String, Object> value);

    /** Prints on the daemon's standard output and error. */
    void print(String out, String err);

    Duplex echo();

    /** Takes one of a few words. */
    void paint(Paint colour);

    /** Words. */
    enum Paint {
        RED,
        GREEN
    }

    /** Gives up the socket; this connection goes on. */
    void retire();

    void close();
}
