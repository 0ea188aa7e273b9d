package io.github.autodaemon.junit;

import io.github.autodaemon.Duplex;
import io.github.autodaemon.OneWay;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the samples do to a service. */
interface Lab {
    int add(int n);

    long pid();

    List<String> args();

    /** Gives back what it gets, and takes its time to end. */
    Duplex echo();

    /** Is never answered. */
    CompletableFuture<String> never();

    /** Is answered later. */
    CompletableFuture<String> soon();

    /** Takes the service's turn and keeps it. */
    @OneWay
    void block();

    /** Takes a reference that nobody closes. */
    void ref();

    /** Takes a reference that is closed when the client goes. */
    void refOfClient();

    /** Leaves the socket. */
    void close();

    /** Starts a thread that keeps the process alive. */
    void stay();

    /** Writes a line to standard error. */
    void say(String line);
}
