package io.github.autodaemon;

import java.nio.channels.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A client's connection, as the service sees it. Any thread may use it. */
public interface Client {
    /** The server this client is connected to. */
    Server server();

    /**
     * The connection itself. Closing it ends it at once, without waiting for the answers of running calls as
     * {@link #close()} does.
     */
    Channel connection();

    /** The extra arguments of the description. */
    List<String> args();

    /** Runs tasks in the service's turn, where its methods run too; for what continues a future. */
    Executor turn();

    /**
     * Keeps a daemon with {@link AutoDaemonBuilder#autoClose autoClose} from leaving until the returned reference is
     * closed, beyond this client's connection if need be. It does not keep one that was told to leave.
     */
    Reference ref();

    /**
     * Whether the call that runs on this thread is wanted no more: the client cancelled it, it took longer than the client
     * waits, or the client is gone. Then the thread was interrupted, too. False on a thread that runs no call.
     */
    boolean isCancelled();

    /** How long the client still waits for the call that runs on this thread; empty when it said nothing about that. */
    Optional<Duration> timeLeft();

    /** Runs {@code action} in the service's turn when this client has gone; at once if it has. */
    void onClose(Runnable action);

    /** Ends the connection once the answers of the calls that run now are sent. */
    void close();
}
