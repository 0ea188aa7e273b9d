package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.ClientCalls;

/** The service, as the server sees it. */
public interface ServiceAdapter {
    /** Called once for each connection, in the service's turn. */
    ClientCalls connected(ClientConnection session) throws Exception;

    /** The daemon leaves. No call of the service runs any more. */
    void close() throws Exception;
}
