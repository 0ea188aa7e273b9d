package io.github.autodaemon.internal.server;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What a daemon looks after about once a second. Nobody finds a daemon whose path is gone, or names another socket: it
 * leaves. There is no event for it that every file system has.
 */
final class Upkeep implements Runnable {
    private static final long TICK = TimeUnit.SECONDS.toNanos(1);
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);

    private final DaemonServer server;
    private final Address address;
    private final Index index;
    private boolean pruned;

    Upkeep(DaemonServer server, Address address, Index index) {
        this.server = server;
        this.address = address;
        this.index = index;
    }

    /**
     * Begins, in the server's loop. The first time is soon, since a process that is out of descriptors cannot load the classes
     * it takes; not at once, since whoever started the daemon is to be served first.
     */
    void begin() {
        server.loop().after(SOON, this);
    }

    @Override
    public void run() {
        server.loop().after(TICK, this);
        if (!pruned) {
            pruned = true;
            server.threads().execute(index::prune);
        }
        Surroundings surroundings = server.settings().surroundings();
        surroundings.upkeep().run();
        if (server.lifecycle().state() == Lifecycle.State.SERVING) {
            index.keep();
            try {
                if (!address.leadsHere()) {
                    server.retire(Reason.pathLost());
                }
            } catch (IOException e) {
                surroundings.log().accept("the socket's path cannot be looked at: " + e.getMessage());
            }
        }
    }
}
