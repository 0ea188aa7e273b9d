package io.github.autodaemon;

import java.nio.channels.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A client's connection, as the service sees it. Any thread may use this object. */
public interface Client {
    /** The server that this client is connected to. */
    Server server();

    /**
     * The connection itself. Closing the channel ends the connection at once, without waiting for the answers of
     * running calls as {@link #close()} does.
     */
    Channel connection();

    /** The extra arguments of the description. */
    List<String> args();

    /** Runs tasks in the service's turn, where its methods run too; for callbacks of futures. */
    Executor turn();

    /**
     * Keeps a daemon with {@link AutoDaemonBuilder#autoClose autoClose} from leaving until the returned reference is
     * closed, beyond this client's connection if need be. The reference does not keep a daemon that was told to leave.
     */
    Reference ref();

    /**
     * True if the call that runs on this thread was cancelled: the client cancelled it, it took longer than the client
     * waits, or the client is gone. Then the thread was interrupted, too. False on a thread that runs no call.
     */
    boolean isCancelled();

    /** How long the client still waits for the call that runs on this thread; empty when the client set no timeout. */
    Optional<Duration> timeLeft();

    /**
     * Runs {@code action} in the service's turn when this client has gone; at once, on the calling thread, if it has.
     */
    void onClose(Runnable action);

    /** Ends the connection once the answers of the calls that run now are sent. */
    void close();
}
