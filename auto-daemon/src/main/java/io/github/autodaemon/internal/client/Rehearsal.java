package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.mux.Mux;
import io.github.autodaemon.internal.mux.MuxStream;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Session;
import io.github.autodaemon.internal.socket.CurrentUser;
import io.github.autodaemon.internal.socket.HeadStart;
import io.github.autodaemon.internal.socket.Loop;
import io.github.autodaemon.internal.socket.SocketWire;
import java.io.IOException;

/**
 * Loads what a connection takes, at a moment when this thread could only wait. Nothing depends on it: what it does not load
 * is loaded when it is used.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** While another thread makes the first Unix socket. None of this makes one. */
    static void besideTheFirstSocket() {
        if (HeadStart.isRunning()) {
            load(false);
        }
    }

    /** While a daemon starts. */
    static void besideAStart() {
        load(true);
    }

    private static void load(boolean withSocket) {
        try {
            if (withSocket) {
                new Loop().close();
            }
            CurrentUser.rehearse(withSocket);
        } catch (IOException | RuntimeException e) {
            // Out of descriptors, say; whoever connects will see it, and say it.
            return;
        }
        // Naming a class loads it.
        Class<?>[] all = {
            ClientSession.class,
            BackgroundReader.class,
            PendingCall.class,
            Greeting.class,
            Session.class,
            Hello.class,
            SocketWire.class,
            Mux.class,
            MuxStream.class
        };
        assert all.length > 0;
    }
}
