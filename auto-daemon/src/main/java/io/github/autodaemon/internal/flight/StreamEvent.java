package io.github.autodaemon.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A stream, while the service serves it; in the daemon. */
@Name("io.github.autodaemon.Stream")
@Label("Stream")
@Category("auto-daemon")
@Description("A stream, while the service is busy with it; in the daemon.")
@StackTrace(false)
public final class StreamEvent extends Event {
    @Label("Method")
    final String method;

    @Label("Client")
    @Description("The client's process id; 0 when it did not say")
    final long client;

    @Label("Bytes In")
    @Description("What the service has read")
    @DataAmount
    long bytesIn;

    @Label("Bytes Out")
    @Description("What the service has written")
    @DataAmount
    long bytesOut;

    @Label("Outcome")
    @Description("ended, failed, cancelled")
    String outcome = "";

    /** Begins now. */
    public StreamEvent(String method, long client) {
        this.method = method;
        this.client = client;
        begin();
    }

    /** Ends now. */
    public void ended(String how, long in, long out) {
        outcome = how;
        bytesIn = in;
        bytesOut = out;
        commit();
    }
}
