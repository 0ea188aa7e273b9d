package io.github.autodaemon.examples.counter;

import java.lang.management.ManagementFactory;

/** The counter, and what its JVM says about its archive. */
final class SharingCommand {
    private SharingCommand() {}

    /** Runs it. */
    public static void main(String[] args) {
        boolean given = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(option -> option.startsWith("-XX:SharedArchiveFile="));
        boolean taken = given && System.getProperty("java.vm.info", "").contains("sharing");
        System.err.print(taken ? "taken" : given ? "refused" : "none");
        CounterCommand.main(args);
    }
}
