package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.report.Results;
import io.github.autodaemon.bench.report.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final List<String> order = new ArrayList<>();
    private final Recorder recorder = new Recorder();
    private final Turns turns = new Turns(recorder);

    private void enter(String who, int failsAt) throws InterruptedException {
        int[] runs = new int[1];
        turns.enter(who, () -> () -> {
            order.add(who);
            if (++runs[0] == failsAt) {
                throw new IOException("broke");
            }
            return List.of(new Figure("row", "ms", runs[0]));
        });
    }

    @Test
    void measuresInTurnsAndForgetsTheWarmUp() throws Exception {
        enter("a", 0);
        enter("b", 0);

        turns.run(1, 2);

        assertThat(order).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(recorder.part().series())
                .containsExactly(
                        new Series("row", "a", "ms", List.of(2.0, 3.0)),
                        new Series("row", "b", "ms", List.of(2.0, 3.0)));
    }

    @Test
    void whatFailsIsNamedAndTheOthersGoOn() throws Exception {
        enter("a", 2);
        enter("b", 0);
        turns.enter("c", () -> {
            throw new IOException("did not start");
        });

        turns.run(0, 3);

        assertThat(order).containsExactly("a", "b", "a", "b", "b");
        Results.Part part = recorder.part();
        assertThat(part.failures()).containsExactly("c: did not start", "a: broke");
        assertThat(part.series())
                .containsExactly(
                        new Series("row", "a", "ms", List.of(1.0)),
                        new Series("row", "b", "ms", List.of(1.0, 2.0, 3.0)));
    }
}
