package io.github.autodaemon.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
    private static Results cold(double ours, double npm, List<String> failures) {
        Results.Part part = new Results.Part(
                "2026-11-24",
                5,
                List.of(
                        new Series(Rows.COLD, "auto-daemon", "ms", List.of(ours, ours + 10)),
                        new Series(Rows.COLD, "npm", "ms", List.of(npm, npm + 10))),
                failures);
        return new Results(Map.of(), new TreeMap<>(Map.of("cold", part)));
    }

    @Test
    void isOneAlignedTable() {
        assertThat(Comparisons.text(cold(90, 190, List.of()), 17)).isEqualTo("""
                what                                  unit  ours  peer  ratio    goal  met  ratio, quartiles  ours, quartiles  peer, quartiles
                cold command: auto-daemon beside npm  ms    95.0   195   0.49  ≤ 0.95  yes        0.48..0.49       92.5..97.5         193..198
                """);
    }

    @Test
    void saysWhichGoalIsMissedAndWhatHasFailed() {
        assertThat(Comparisons.text(cold(200, 190, List.of("npm: broke")), 17))
                .contains(" 1.05  ≤ 0.95   no ")
                .endsWith("\nFAILED: cold: npm: broke\n");
    }

    @Test
    void aGoalCanDependOnTheJdk() {
        Goal npm = Goal.ALL.stream()
                .filter(goal -> goal.who().equals(Rows.TYPED) && goal.peer().equals("npm"))
                .findFirst()
                .orElseThrow();

        assertThat(npm.words(17)).isEqualTo("≤ 0.80");
        assertThat(npm.words(25)).isEqualTo("≤ 0.65");
        assertThat(npm.isMet(.7, 17)).isTrue();
        assertThat(npm.isMet(.7, 25)).isFalse();
    }

    @Test
    void moreCanBeBetter() {
        Goal pipelined = Goal.ALL.stream()
                .filter(goal -> goal.row().equals(Rows.pipelined("one processor"))
                        && goal.peer().equals("LSP4J"))
                .findFirst()
                .orElseThrow();

        assertThat(pipelined.words(17)).isEqualTo("≥ 3.00");
        assertThat(pipelined.isMet(3.1, 17)).isTrue();
        assertThat(pipelined.isMet(2.9, 17)).isFalse();
    }
}
