package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplacementsTest {
    @Test
    void fiveAMinuteAndLaterAgain() {
        AtomicLong now = new AtomicLong(1_000_000);
        List<Long> earlier = List.of(1_000L, 950_000L, 960_000L, 970_000L, 980_000L, 990_000L);
        Replacements replacements = new Replacements(true, earlier, now::get);
        assertThat(replacements.refusal()).startsWith("5 daemons were replaced here within a minute");
        now.set(1_010_001);
        assertThat(replacements.refusal()).isNull();
    }

    @Test
    void inTheForegroundItIsNobodysToReplace() {
        assertThat(new Replacements(false, List.of(), () -> 0).refusal()).contains("in the foreground");
    }
}
