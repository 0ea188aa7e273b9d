package io.github.autodaemon.internal.server;

import io.github.autodaemon.Program;
import io.github.autodaemon.Server;
import io.github.autodaemon.internal.rpc.ClientCalls;
import org.jspecify.annotations.Nullable;

/** The service, as the server sees it. */
public interface ServiceAdapter {
    /** Called once for each connection, in the service's turn. */
    ClientCalls connected(ClientConnection session) throws Exception;

    /** The program that commands run; null when the service has none. */
    default @Nullable Program program() {
        return null;
    }

    /** The server, as the program sees it. */
    default Server server() {
        throw new IllegalStateException("this service has no program");
    }

    /** The daemon leaves. No call of the service runs any more. */
    void close() throws Exception;
}
