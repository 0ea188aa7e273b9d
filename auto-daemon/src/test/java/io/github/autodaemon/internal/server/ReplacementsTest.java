package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.server.Replacements.Earlier;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReplacementsTest {
    private static final long MINUTE = 60_000;

    @Test
    void whoIsBackWithinTenMinutesDoesNotReplace() {
        AtomicLong now = new AtomicLong(100 * MINUTE);
        Replacements replacements = new Replacements(true, false, List.of(new Earlier(95 * MINUTE, "one")), now::get);
        assertThat(replacements.refusal("one")).contains("was replaced here less than ten minutes ago");
        assertThat(replacements.refusal("two")).isNull();
        assertThat(replacements.refusal()).isNull();
        now.set(105 * MINUTE);
        assertThat(replacements.refusal("one")).isNull();
        // The clock was set back: what is to come says nothing.
        now.set(94 * MINUTE);
        assertThat(replacements.refusal("one")).isNull();
    }

    @Test
    void oneExclusiveServiceIsReplacedByAnotherFiveTimesAMinute() {
        AtomicLong now = new AtomicLong(100 * MINUTE);
        List<Earlier> earlier = LongStream.of(1, 2, 3, 4, 5)
                .mapToObj(i -> new Earlier(now.get() - i * 1000, "one"))
                .toList();
        Replacements replacements = new Replacements(true, true, earlier, now::get);
        assertThat(replacements.refusal("one"))
                .startsWith("the one that is wanted was replaced here 5 times within a minute");
        assertThat(replacements.refusal("two")).isNull();
        now.addAndGet(MINUTE - 5000);
        assertThat(replacements.refusal("one")).isNull();
    }

    @Test
    void inTheForegroundItIsNobodysToReplace() {
        Replacements replacements = new Replacements(false, false, List.of(), () -> 0);
        assertThat(replacements.refusal()).contains("in the foreground");
        assertThat(replacements.refusal("one")).contains("in the foreground");
    }
}
