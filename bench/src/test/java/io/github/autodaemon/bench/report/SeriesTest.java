package io.github.autodaemon.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private static Series of(Double... samples) {
        return new Series("row", "a", "ms", List.of(samples));
    }

    @Test
    void knowsItsQuantiles() {
        assertThat(of(30.0, 10.0, 20.0).median()).isEqualTo(20);
        assertThat(of(1.0, 2.0).median()).isEqualTo(1.5);
        assertThat(of(5.0).quantile(.25)).isEqualTo(5);
        assertThat(of(4.0, 1.0, 2.0, 3.0, 5.0).quantile(.25)).isEqualTo(2);
        assertThat(of(4.0, 1.0, 2.0, 3.0, 5.0).quantile(1)).isEqualTo(5);
    }

    @Test
    void isComparedPairByPair() {
        assertThat(of(2.0, 9.0).beside(of(1.0, 3.0, 7.0)).samples()).containsExactly(2.0, 3.0);
    }

    @Test
    void keepsFourDigits() {
        assertThat(Series.rounded(123456.7)).isEqualTo(123500);
        assertThat(Series.rounded(0.00123456)).isEqualTo(0.001235);
        assertThat(Series.rounded(0)).isZero();
    }

    @Test
    void isNeverEmpty() {
        assertThatThrownBy(SeriesTest::of).hasMessage("nothing was measured of a in row");
    }
}
