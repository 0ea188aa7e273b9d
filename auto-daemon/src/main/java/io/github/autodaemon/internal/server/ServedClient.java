package io.github.autodaemon.internal.server;

import java.nio.channels.SocketChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the server, as an entry in its list of connections. */
interface ServedClient extends ClientConnection {
    /** Names the session in the request that attaches a connection for a stream. */
    String token();

    /** The client's process id; 0 when its hello has none. */
    long pid();

    /** True if the client counts as a user of the daemon. */
    boolean isClient();

    /** True if a user has connected in the last {@code nanos} nanoseconds and has made no call yet. */
    boolean isNew(long nanos);

    /** True if the connection is over, and a thread of the service still runs a call or stream of the client. */
    boolean isStuck();

    /** True if this daemon's service started the client's process. The monitor is held. */
    boolean isWithin();

    /** Calls and streams that have come and wait, and one-way calls. */
    int waiting();

    /** Calls that run, or whose future is pending. */
    int calls();

    /** Streams the service is busy with. */
    int streams();

    /** The client's process, and its calls and streams, for the status. */
    Map<String, @Nullable Object> describe();

    /** Ends the connection after the answers of the calls that run or have a pending future. */
    void drain();

    /** Takes a connection that was made for a stream of this client. */
    void attached(String name, SocketChannel channel);
}
