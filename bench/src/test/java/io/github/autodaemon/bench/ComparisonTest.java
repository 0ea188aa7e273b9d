package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void isOneRowOfAnAlignedTable() {
        Comparison wide = new Comparison("a long one", "ms", Samples.of(30, 10, 20), Samples.of(40, 40));
        Comparison narrow = new Comparison("short", "us", Samples.of(1, 2), Samples.of(123.45));

        assertThat(Comparison.table(List.of(wide, narrow))).isEqualTo("""
                        what        unit  ours   peer  ours/peer  ours min..max  peer min..max
                        a long one  ms    20.0   40.0       0.50     10.0..30.0     40.0..40.0
                        short       us     1.5  123.5       0.01       1.0..2.0   123.5..123.5
                        """);
    }
}
