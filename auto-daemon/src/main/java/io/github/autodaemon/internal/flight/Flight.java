package io.github.autodaemon.internal.flight;

import jdk.jfr.FlightRecorder;

/**
 * Whether the flight recorder is in use. This is asked before an event is made, so that a JVM without a recording loads
 * two classes for it, this one and the one that it asks, and a JVM without the recorder this one alone.
 */
public final class Flight {
    private static final boolean PRESENT = present();

    private Flight() {}

    /** Whether anybody records, or has recorded, in this JVM. */
    public static boolean isOn() {
        return PRESENT && FlightRecorder.isInitialized();
    }

    /** The module is not in every image, and in programs that are modules not without a reason. */
    private static boolean present() {
        try {
            var unused = FlightRecorder.isInitialized();
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }
}
