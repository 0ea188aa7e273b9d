package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MOST = 100_000;

    private final MemoryBudget budget = new MemoryBudget(
            new MemoryBudget.Holders() {
                @Override
                public List<MemoryBudget.Holder> all() {
                    return List.of();
                }

                @Override
                public void after(long nanos, Runnable task) {}
            },
            MOST,
            ended -> {});

    @Test
    void eachMayHaveHalfOfWhatTheOthersLeave() {
        assertThat(budget.admits(50_000)).isTrue();
        assertThat(budget.admits(50_001)).isFalse();
        assertThat(budget.keep(50_000)).isTrue();
        assertThat(budget.admits(25_000)).isTrue();
        assertThat(budget.admits(25_001)).isFalse();
    }

    /** Streams may have filled more than there is; whoever makes small calls is served all the same. */
    @Test
    void whatIsSmallIsAlwaysAdmitted() {
        assertThat(budget.keep(2 * MOST)).isFalse();
        assertThat(budget.admits(100)).isTrue();
        assertThat(budget.admits(10_000)).isFalse();
        assertThat(budget.keep(-2 * MOST)).isTrue();
        assertThat(budget.admits(10_000)).isTrue();
    }
}
