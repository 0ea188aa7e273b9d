package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.Limits;
import java.util.concurrent.Executor;

/** One client's connection, as the service sees it. Any thread may use this object. */
public interface ClientConnection {
    /** Runs tasks in the service's turn, in this client's place of the queue. */
    Executor turn();

    /** The limits of what the client and this side may make each other hold. */
    Limits limits();

    /** Runs the cancellations of the futures of this client's calls; not in the turn. */
    Executor cancellations();

    /** True while the connection is open. */
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
