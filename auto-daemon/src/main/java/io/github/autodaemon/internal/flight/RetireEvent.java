package io.github.autodaemon.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A daemon gives up its socket and takes no new clients. */
@Name("io.github.autodaemon.Retire")
@Label("Retire")
@Category("auto-daemon")
@Description("A daemon gives up its socket and takes no new clients.")
@StackTrace(false)
public final class RetireEvent extends Event {
    @Label("Reason")
    final String reason;

    @Label("Clients")
    @Description("Users that are connected")
    final int clients;

    @Label("Calls")
    @Description("Calls that run")
    final int calls;

    /** Not recorded until {@link #commit()}. */
    public RetireEvent(String reason, int clients, int calls) {
        this.reason = reason;
        this.clients = clients;
        this.calls = calls;
    }
}
