package io.github.autodaemon.examples.counter;

import java.io.PrintStream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of a class, and prints what came of each; what they print goes to standard error. */
final class RunTests implements TestExecutionListener {
    private final PrintStream out;

    private RunTests(PrintStream out) {
        this.out = out;
    }

    /** Runs the class that is named. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(args[0]))
                                .configurationParameter(
                                        "junit.jupiter.testmethod.order.default",
                                        "org.junit.jupiter.api.MethodOrderer$MethodName")
                                .build(),
                        new RunTests(out));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            out.println(test.getDisplayName()
                    + result.getThrowable()
                            .map(thrown -> " failed:\n" + thrown.getMessage())
                            .orElse(" passed"));
        }
    }
}
