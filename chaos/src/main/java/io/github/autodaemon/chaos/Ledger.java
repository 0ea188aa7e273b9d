package io.github.autodaemon.chaos;

import io.github.autodaemon.Duplex;
import java.util.concurrent.CompletableFuture;

/** What the daemon does: it writes down each call in a file that all daemons of a chapter share. */
public interface Ledger {
    /** Writes the call down; the answer is which one it was of this daemon's. */
    long record(String id);

    /** The same in the middle of so long, with the turn held: a call that is lost may have run. */
    long recordSlowly(String id, int millis);

    CompletableFuture<Long> recordLater(String id);

    Duplex echo();

    /** Gives up the socket; connections go on. */
    void leave();
}
