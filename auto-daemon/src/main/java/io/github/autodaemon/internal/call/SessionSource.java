package io.github.autodaemon.internal.call;

import io.github.autodaemon.internal.client.ClientSession;

/** The session of a connection, which is another one later when its daemon leaves before it has begun anything. */
public interface SessionSource {
    /** The session. */
    ClientSession session();

    /** As {@link #session()}, for what stays with this daemon. */
    ClientSession used();

    /**
     * Connects again when a daemon leaves that had begun nothing for this connection: what it did not begin is done by its
     * successor, as if it had left before its hello.
     *
     * @param left the session whose daemon leaves
     * @return false when it may have begun something
     */
    boolean renew(ClientSession left);
}
