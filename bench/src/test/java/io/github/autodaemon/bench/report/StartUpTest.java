package io.github.autodaemon.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartUpTest {
    private static Series warm(String who, double median) {
        return new Series(Rows.WARM, who, "ms", List.of(median));
    }

    @Test
    void isMadeOfDifferences() {
        List<Series> all = List.of(
                warm(Rows.BARE_PROCESS, 1),
                warm(Rows.BARE_JVM, 30),
                new Series(Rows.before(Rows.WARM), Rows.BARE_JVM, "ms", List.of(26.0)),
                warm(Rows.FLOOR, 40),
                warm(Rows.DYNAMIC, 43),
                warm(Rows.SHELL_SCRIPT, 3),
                warm(Rows.TYPED, 50),
                warm("RMI", 39));
        List<StackedBars.Bar> bars =
                new StartUp(new Results(Map.of(), Map.of("warm", new Results.Part("", 1, all, List.of())))).bars();

        // What was not measured has no bar, and less than nothing is nothing.
        assertThat(bars)
                .extracting(StackedBars.Bar::label)
                .containsExactly("raw Java (the floor)", "auto-daemon, dynamic", "./counter add 1", "RMI");
        assertThat(bars.get(2).pieces())
                .containsExactly(
                        Map.entry("process", 1.0),
                        Map.entry("JVM until main", 25.0),
                        Map.entry("JVM after main", 4.0),
                        Map.entry("Unix socket", 10.0),
                        Map.entry("library", 3.0),
                        Map.entry("typed interface", 5.0),
                        Map.entry("shell script", 2.0));
        assertThat(bars.get(2).total()).isEqualTo(50);
        assertThat(bars.get(3).pieces()).containsEntry("library", 0.0);
    }
}
