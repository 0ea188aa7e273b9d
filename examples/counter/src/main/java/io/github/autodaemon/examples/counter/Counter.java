package io.github.autodaemon.examples.counter;

/** Shared by the command and the daemon. */
public interface Counter {
    /** Adds {@code n} and returns the sum. */
    long add(long n);

    /** The sum. */
    long get();

    /** Ends the daemon, and with it the sum. */
    void close();
}
