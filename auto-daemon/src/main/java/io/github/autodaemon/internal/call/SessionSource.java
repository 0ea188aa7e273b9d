package io.github.autodaemon.internal.call;

import io.github.autodaemon.internal.client.ClientSession;

/** The session of a connection; it is replaced when its daemon leaves before it has begun a call. */
public interface SessionSource {
    /** The session. */
    ClientSession session();

    /** As {@link #session()}, for operations that must stay with this daemon. */
    ClientSession used();

    /**
     * Connects again when a daemon leaves that had begun no call for this connection: the successor does the calls that
     * were not begun, as if the daemon had left before its hello.
     *
     * @param left the session whose daemon leaves
     * @return false when the daemon may have begun a call
     */
    boolean renew(ClientSession left);
}
