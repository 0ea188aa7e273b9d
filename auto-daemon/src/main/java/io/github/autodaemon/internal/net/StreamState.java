package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** What the two directions of a dedicated stream share. */
interface StreamState {
    /** The bytes before a piece that say how long it is. */
    int HEADER = 4;

    /** Why both directions are of no use any more; null while they are. */
    @Nullable
    String failure();

    /** Why nothing more will come than what has come; null while more may. */
    @Nullable
    String lost();

    /** What whoever uses it now gets to see. */
    IOException exception(String reason);

    /** Both directions are of no use any more. */
    void fail(String reason);

    /** The socket has ended too early, or takes no more. The reason comes, if one does, on the other connection. */
    void explain() throws InterruptedIOException;

    /** Waits. Who is interrupted because the stream has failed is told why, and not that it was interrupted. */
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
