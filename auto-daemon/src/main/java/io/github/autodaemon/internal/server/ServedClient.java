package io.github.autodaemon.internal.server;

import java.nio.channels.SocketChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the server, as its list of connections knows it. */
interface ServedClient extends ClientConnection {
    /** Which session a connection for a stream belongs to is known by this. */
    String token();

    /** The client's process id; 0 when it did not say. */
    long pid();

    /** Whether it counts as a user of the daemon. */
    boolean isClient();

    /** Whether a user has connected in the last {@code nanos} and not called anything yet. */
    boolean isNew(long nanos);

    /** Whether it is over, and a thread of the service is still busy with what it has asked for. */
    boolean isStuck();

    /** Whether its process was started by this daemon's service. The monitor is held. */
    boolean isWithin();

    /** Calls and streams that have come and wait, and one-way calls. */
    int waiting();

    /** Calls that run, or that wait for a future of the service. */
    int calls();

    /** Streams the service is busy with. */
    int streams();

    /** Who it is, and what the service does for it. */
    Map<String, @Nullable Object> describe();

    /** Ends the connection after the answers of the calls that run or whose future is pending. */
    void drain();

    /** Takes a connection that was made for one of its streams. */
    void attached(String name, SocketChannel channel);
}
