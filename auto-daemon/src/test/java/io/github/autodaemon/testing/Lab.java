package io.github.autodaemon.testing;

import io.github.autodaemon.Duplex;
import io.github.autodaemon.OneWay;
import io.github.autodaemon.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A service with one method of every kind. */
public interface Lab {
    record Point(int x, int y, String message) {}

    enum Colour {
        RED,
        GREEN
    }

    long add(long n);

    long get();

    long pid();

    /** Ends the daemon, and this connection after the reply. */
    void close();

    /** Ends the daemon; this connection goes on. */
    void retire();

    List<String> args();

    Map<String, String> environment();

    String workingDirectory();

    Point mirror(Point point);

    Map<String, List<Point>> nested(Map<String, List<Point>> given);

    Optional<Colour> other(Colour colour);

    int sum(int first, int... rest);

    String fail(String message);

    CompletableFuture<String> later(String text);

    CompletableFuture<String> failLater(String message);

    /** Waits in the service's turn until {@link #open} is called on a concurrent service, or for ever. */
    String waitForGate();

    /** How many calls of {@link #waitForGate} and {@link #openWhenRetired} have begun. */
    int waiting();

    /** Opens the gate when the server has given up its socket. */
    String openWhenRetired();

    CompletableFuture<String> gate();

    void open();

    @OneWay
    void note(String text);

    List<String> notes();

    /** Whether a daemon was kept alive by it. */
    void keep();

    void letGo();

    int clients();

    /** How many calls ran at once at most. */
    int mostAtOnce();

    void busy();

    String print(String text);

    void leaveThreadBehind();

    void exit(int code);

    void systemExit(int code);

    /** Uses up all memory. */
    long exhaust();

    /** Prints so many lines. */
    void flood(int lines);

    /** Prints so many lines with the interrupt pending, as a call does whose client has gone. */
    void floodInterrupted(int lines);

    /** Has a process of its own print so many lines to the daemon's standard error. */
    void floodByAChild(int lines) throws java.io.IOException, InterruptedException;

    Duplex echo();

    Duplex numbers(int count);

    /** Counts what it is given. */
    Duplex sink();

    long sunk();

    Duplex broken(String message);

    Duplex readable(String text);

    /** Counts the values; less than two are not enough. */
    int count(Sequence<Integer> values);

    default long addTwice(long n) {
        add(n);
        return add(n);
    }
}
