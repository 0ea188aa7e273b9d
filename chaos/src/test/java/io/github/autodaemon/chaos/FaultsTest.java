package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final String KILLED = "StartFailedException";

    private final Faults faults = new Faults();
    private final long before = System.nanoTime();

    @Test
    void nothingExplainsAFailureWhereNothingWasDone() {
        assertThat(faults.explainRefusal("UnreachableException", before, before + SECOND))
                .isFalse();
    }

    @Test
    void aKillExplainsWhatFailsThenAndNotLater() {
        faults.happened(Faults.Kind.DAEMON_KILLED);
        long after = System.nanoTime();
        assertThat(faults.explainRefusal(KILLED, before, after)).isTrue();
        assertThat(faults.explainRefusal(KILLED, after + SECOND, after + 2 * SECOND))
                .isTrue();
        assertThat(faults.explainRefusal(KILLED, after + 10 * SECOND, after + 11 * SECOND))
                .isFalse();
        assertThat(faults.explainRefusal(KILLED, before - 2 * SECOND, before - SECOND))
                .isFalse();
    }

    @Test
    void whatLastsExplainsUntilItEnds() {
        Faults.Fault full = faults.began(Faults.Kind.FULL);
        long began = System.nanoTime();
        assertThat(faults.explainRefusal("StartFailedException", began + 60 * SECOND, began + 61 * SECOND))
                .isTrue();
        full.end();
        assertThat(faults.explainRefusal("StartFailedException", began + 60 * SECOND, began + 61 * SECOND))
                .isFalse();
    }

    @Test
    void someExceptionsHaveNoExcuse() {
        faults.happened(Faults.Kind.DAEMON_KILLED);
        assertThat(faults.explainRefusal("IllegalStateException", before, System.nanoTime()))
                .isFalse();
    }

    @Test
    void aDaemonThatLeavesInOrderIsNoReasonToBeUnreachable() {
        faults.happened(Faults.Kind.DAEMON_TERMINATED);
        assertThat(faults.explainRefusal("UnreachableException", before, System.nanoTime()))
                .isFalse();
    }
}
