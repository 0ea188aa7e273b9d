package io.github.autodaemon.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontStepsTest {
    private static List<StackedBars.Bar> bars(List<Series> all) {
        return FrontSteps.bars(new Results(Map.of(), Map.of("front", new Results.Part("", 1, all, List.of()))));
    }

    @Test
    void whatWasNotMeasuredHasNoBar() {
        List<Series> all = new ArrayList<>();
        all.add(new Series(Rows.SHORT, Rows.CALL, "us", List.of(300.0)));
        for (String step : FrontSteps.STEPS) {
            assertThat(bars(all)).extracting(StackedBars.Bar::label).containsExactly(Rows.CALL);
            all.add(new Series(step, Rows.NATIVE, "us", List.of(100.0)));
        }
        assertThat(bars(all)).extracting(StackedBars.Bar::label).containsExactly(Rows.CALL, Rows.NATIVE);
        assertThat(bars(all).get(1).pieces().keySet()).containsExactlyElementsOf(FrontSteps.STEPS);
        assertThat(bars(all).get(1).total()).isEqualTo(600);
    }
}
