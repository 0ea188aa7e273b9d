package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** The state that the two directions of a dedicated stream share. */
interface StreamState {
    /** The bytes before a piece that say how long it is. */
    int HEADER = 4;

    /** Why both directions have failed; null while they have not. */
    @Nullable
    String failure();

    /** Why no more bytes will come than have come; null while more may. */
    @Nullable
    String lost();

    /** The exception for a thread that uses the failed stream. */
    IOException exception(String reason);

    /** Fails both directions. */
    void fail(String reason);

    /** The socket has ended too early, or takes no more. The reason comes, if at all, on the session's connection. */
    void explain() throws InterruptedIOException;

    /** Waits for readiness. A thread that the stream's failure interrupted gets the failure, and not the interrupt. */
    void await(Readiness readiness) throws IOException;

    /** Whether the peer reads no more. */
    boolean isUnread();

    /** Tells the peer that this side reads no more. */
    void tellUnread();

    /** Nothing more is read. */
    void inputOver();

    /** Nothing more is written. */
    void outputOver();
}
