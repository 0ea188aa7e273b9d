package io.github.autodaemon.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A client starts a daemon; in the client's process. */
@Name("io.github.autodaemon.Spawn")
@Label("Spawn")
@Category("auto-daemon")
@Description("A client starts a daemon; in the client's process.")
@StackTrace(false)
public final class SpawnEvent extends Event {
    @Label("Socket")
    final String socket;

    @Label("Why")
    final String why;

    @Label("Daemon")
    @Description("The daemon's process id; 0 when this start gave none")
    long daemon;

    @Label("Outcome")
    @Description("started, not needed, failed")
    String outcome = "failed";

    /** Begins now. */
    public SpawnEvent(String socket, String why) {
        this.socket = socket;
        this.why = why;
        begin();
    }

    /** The daemon serves, or another daemon serves, and then {@code pid} is 0. */
    public void started(long pid) {
        daemon = pid;
        outcome = pid == 0 ? "not needed" : "started";
    }
}
