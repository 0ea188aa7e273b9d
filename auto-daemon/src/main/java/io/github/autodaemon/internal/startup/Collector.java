package io.github.autodaemon.internal.startup;

import java.util.List;

/**
 * The collectors of which one lets a short command end soonest. An archive holds objects beside the classes, such as the graph
 * of modules; where the collector cannot take them, the JVM makes them anew, which is a tenth of such a command.
 */
public enum Collector {
    /** With one thread, as the other. */
    G1("-XX:+UseG1GC", "-XX:ParallelGCThreads=1"),
    /** Is set up in less time, and lets a heap grow later. */
    SERIAL("-XX:+UseSerialGC");

    /** JDK-8273508; before, G1 alone takes objects from an archive. */
    private static final int FIRST_WITH_SERIAL = 18;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is.
    private final List<String> options;

    Collector(String... options) {
        this.options = List.of(options);
    }

    /** The one for commands on this JVM. */
    public static Collector ofThisJvm() {
        return Runtime.version().feature() < FIRST_WITH_SERIAL ? G1 : SERIAL;
    }

    /** What the JVM is told. */
    public List<String> options() {
        return options;
    }

    /** Whether an option of the JVM's names a collector; the JVM takes one such option only. */
    public static boolean isNamedBy(String option) {
        return option.startsWith("-XX:+Use") && option.endsWith("GC");
    }
}
