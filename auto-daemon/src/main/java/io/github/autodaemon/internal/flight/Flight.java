package io.github.autodaemon.internal.flight;

import jdk.jfr.FlightRecorder;

/**
 * Tells whether the flight recorder is in use. Callers check this before they make an event, so that a JVM without a
 * recording loads only two classes for it, this class and the recorder's, and a JVM without the recorder only this
 * class.
 */
public final class Flight {
    private static final boolean PRESENT = present();

    private Flight() {}

    /** True if a recording runs, or has run, in this JVM. */
    public static boolean isOn() {
        return PRESENT && FlightRecorder.isInitialized();
    }

    /** The module is not in every image, and in modular programs only if it is required. */
    private static boolean present() {
        try {
            var unused = FlightRecorder.isInitialized();
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }
}
