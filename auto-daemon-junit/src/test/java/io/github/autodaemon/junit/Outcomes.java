package io.github.autodaemon.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

/** What came of the tests and classes that ran, by their names. */
record Outcomes(Map<String, Optional<Throwable>> failures) {
    static Outcomes of(DiscoverySelector selector) {
        Map<String, Optional<Throwable>> failures = new TreeMap<>();
        for (Event event : EngineTestKit.engine("junit-jupiter")
                .selectors(selector)
                .execute()
                .allEvents()
                .list()) {
            if (event.getType() == EventType.FINISHED) {
                failures.put(
                        event.getTestDescriptor().getDisplayName(),
                        event.getRequiredPayload(TestExecutionResult.class).getThrowable());
            }
        }
        return new Outcomes(failures);
    }

    /** Why a test or a class failed; empty when it did not. */
    Optional<Throwable> failure(String name) {
        Optional<Throwable> failure = failures.get(name);
        if (failure == null) {
            throw new NoSuchElementException(name + " did not run; " + failures.keySet() + " did");
        }
        return failure;
    }

    /** What a test has left behind. */
    String leaks(String name) {
        Throwable failure = failure(name).orElseThrow();
        assertThat(failure).isInstanceOf(LeakError.class);
        return String.valueOf(failure.getMessage());
    }
}
