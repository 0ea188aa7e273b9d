package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.Limits;
import java.util.concurrent.Executor;

/** One client's connection, as the service's side knows it. Any thread may use it. */
public interface ClientConnection {
    /** Runs tasks in the service's turn, in this client's place of the queue. */
    Executor turn();

    /** What the client may make this side hold, and this side the client. */
    Limits limits();

    /** Where futures of this client's calls are cancelled; not in the turn. */
    Executor cancellations();

    /** Whether the connection is open. */
    boolean isOpen();

    /** Ends the connection at once. */
    void closeNow();

    /** Ends the connection after the answers of the calls that run now; calls that wait are dropped. */
    void close();

    /** Holds a reference to the server, beyond this connection. */
    void acquire();

    /** Undoes one {@link #acquire()}. */
    void release();
}
