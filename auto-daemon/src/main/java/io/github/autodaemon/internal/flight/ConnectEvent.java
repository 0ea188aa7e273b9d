package io.github.autodaemon.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A client connects, starting the daemon if need be; in the client's process. */
@Name("io.github.autodaemon.Connect")
@Label("Connect")
@Category("auto-daemon")
@Description("A client connects, starting the daemon if need be; in the client's process.")
@StackTrace(false)
public final class ConnectEvent extends Event {
    @Label("Socket")
    final String socket;

    @Label("Daemon")
    @Description("The daemon's process id; 0 when it did not say")
    long daemon;

    @Label("Spawned")
    @Description("Whether the daemon was started for this")
    boolean spawned;

    @Label("Outcome")
    @Description("connected, nobody serves, failed")
    String outcome = "failed";

    /** Begins now. */
    public ConnectEvent(String socket) {
        this.socket = socket;
        begin();
    }

    /** The connection can be used. */
    public void connected(long pid, boolean wasSpawned) {
        daemon = pid;
        spawned = wasSpawned;
        outcome = "connected";
    }

    /** There is no daemon, and none may be started. */
    public void nobodyServes() {
        outcome = "nobody serves";
    }
}
