package io.github.autodaemon.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScaleTest {
    private static final Offset<Double> ABOUT = Offset.offset(1e-9);

    @Test
    void aLinearOneHasRoundSteps() {
        Scale scale = Scale.linear(250);

        assertThat(scale.ticks()).containsExactly(0.0, 50.0, 100.0, 150.0, 200.0, 250.0);
        assertThat(scale.part(0)).isZero();
        assertThat(scale.part(250)).isBetween(.97, 1.0);
    }

    @Test
    void aLogarithmicOneHasPowersOfTen() {
        Scale scale = Scale.logarithmic(7, 1500);

        assertThat(scale.ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0, 10_000.0);
        assertThat(scale.part(100)).isEqualTo(.5, ABOUT);
    }

    @Test
    void oneOfAPowerOfTenEndsThere() {
        assertThat(Scale.logarithmic(10, 100).ticks()).containsExactly(10.0, 100.0);
    }

    @Test
    void stepsStandWhereTheyAreTold() {
        Scale scale = Scale.steps(List.of(1, 10, 100));

        assertThat(scale.ticks()).containsExactly(1.0, 10.0, 100.0);
        assertThat(scale.part(10)).isEqualTo(.5, ABOUT);
    }

    @Test
    void labelsAreShort() {
        Scale scale = Scale.logarithmic(1, 10);

        assertThat(scale.label(.1)).isEqualTo("0.1");
        assertThat(scale.label(1000)).isEqualTo("1000");
        assertThat(scale.label(100_000)).isEqualTo("100k");
        assertThat(scale.label(10_000_000)).isEqualTo("10M");
    }
}
