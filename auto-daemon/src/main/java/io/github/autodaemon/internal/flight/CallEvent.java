package io.github.autodaemon.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call, from its turn until it is answered; in the daemon. */
@Name("io.github.autodaemon.Call")
@Label("Call")
@Category("auto-daemon")
@Description("A call, from its turn until it is answered; in the daemon.")
@StackTrace(false)
public final class CallEvent extends Event {
    @Label("Method")
    final String method;

    @Label("Client")
    @Description("The client's process id; 0 when it did not say")
    final long client;

    @Label("Waited")
    @Description("Time until its turn came")
    @Timespan(Timespan.NANOSECONDS)
    final long waited;

    @Label("Outcome")
    @Description("answered, failed, cancelled")
    String outcome = "";

    /** Begins now. */
    public CallEvent(String method, long client, long waitedNanos) {
        this.method = method;
        this.client = client;
        this.waited = waitedNanos;
        begin();
    }

    /** Ends now. */
    public void ended(String how) {
        outcome = how;
        commit();
    }
}
