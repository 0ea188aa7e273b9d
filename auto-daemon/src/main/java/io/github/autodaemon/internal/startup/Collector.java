package io.github.autodaemon.internal.startup;

import java.util.List;

/**
 * The collectors for short commands. An archive holds objects besides the classes, such as the module graph; if the
 * collector cannot load them, the JVM makes them anew, which is a tenth of the time of such a command.
 */
public enum Collector {
    /** With one thread, as the serial collector. */
    G1("-XX:+UseG1GC", "-XX:ParallelGCThreads=1"),
    /** The serial collector is set up in less time, and lets a heap grow later. */
    SERIAL("-XX:+UseSerialGC");

    /** JDK-8273508; before, only G1 loads objects from an archive. */
    private static final int FIRST_WITH_SERIAL = 18;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is.
    private final List<String> options;

    Collector(String... options) {
        this.options = List.of(options);
    }

    /** The collector for commands on this JVM. */
    public static Collector ofThisJvm() {
        return Runtime.version().feature() < FIRST_WITH_SERIAL ? G1 : SERIAL;
    }

    /** The JVM options of the collector. */
    public List<String> options() {
        return options;
    }

    /** True if a JVM option names a collector; the JVM takes only one such option. */
    public static boolean isNamedBy(String option) {
        return option.startsWith("-XX:+Use") && option.endsWith("GC");
    }
}
