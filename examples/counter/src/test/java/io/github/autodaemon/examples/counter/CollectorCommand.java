package io.github.autodaemon.examples.counter;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** Says which collectors its JVM has. */
final class CollectorCommand {
    private CollectorCommand() {}

    /** Runs it. */
    public static void main(String[] args) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            System.out.println(collector.getName());
        }
    }
}
