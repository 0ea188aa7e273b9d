package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.PrivateFiles;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The periodic checks of a daemon, about once a second. A daemon whose path is gone, or names another socket, cannot be
 * found by clients: it leaves. No file system event for this exists on every file system.
 */
final class Housekeeping implements Runnable {
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);

    /** The starter of the daemon may never call it. */
    private static final int MOST_WAITS = 50;

    private final ServerParts server;
    private final Address address;
    private final Index index;
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile boolean begun;
    private boolean pruned;
    private int waits;

    Housekeeping(ServerParts server, Address address, Index index) {
        this.server = server;
        this.address = address;
        this.index = index;
    }

    /**
     * Begins, in the server's loop, when the first call has been answered: the first check loads classes, and the
     * daemon's starter must not wait for them. Not much later, since a process that is out of descriptors cannot load
     * classes.
     */
    void begin() {
        server.loop().after(SOON, new Runnable() {
            @Override
            public void run() {
                if (server.tally().isEmpty() && ++waits < MOST_WAITS) {
                    begin();
                } else {
                    begun = true;
                    Housekeeping.this.run();
                }
            }
        });
    }

    /** Requests the next check. Called by any thread; a request that is not done yet is not repeated. */
    void tick() {
        if (begun && due.compareAndSet(false, true)) {
            server.loop().execute(this);
        }
    }

    @Override
    public void run() {
        due.set(false);
        if (!pruned) {
            pruned = true;
            server.elsewhere().execute(index::prune);
        }
        LaunchContext context = server.context();
        if (server.lifecycle().state() == Lifecycle.State.SERVING) {
            index.keep();
            try {
                if (!address.leadsHere()) {
                    server.retire(Reason.pathLost());
                }
            } catch (IOException e) {
                context.log().accept("the socket's path cannot be looked at: " + PrivateFiles.reason(e));
            }
        }
        context.housekeeping().accept(server.lifecycle().state() == Lifecycle.State.SERVING);
    }
}
