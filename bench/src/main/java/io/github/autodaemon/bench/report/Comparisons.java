package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.List;

/** All that is compared in one table. */
public final class Comparisons {
    private Comparisons() {}

    /** What can be compared of what was measured. */
    static List<Comparison> of(Results results, int jdk) {
        List<Comparison> all = new ArrayList<>(options(results));
        for (Goal goal : Goal.ALL) {
            results.find(goal.part(), goal.row(), goal.who())
                    .ifPresent(ours -> results.find(goal.part(), goal.row(), goal.peer())
                            .ifPresent(peer -> all.add(Comparison.of(goal, ours, peer, jdk))));
        }
        return all;
    }

    /** Each option beside none. */
    private static List<Comparison> options(Results results) {
        List<Comparison> all = new ArrayList<>();
        results.find("jvm", JvmSteps.WHOLE, JvmSteps.PLAIN)
                .ifPresent(plain -> results.parts().get("jvm").series().stream()
                        .filter(one -> one.row().equals(JvmSteps.WHOLE))
                        .map(one -> new Comparison("a JVM: " + one.who(), one, plain, "", ""))
                        .forEach(all::add));
        return all;
    }

    /** The table, as text, and what has failed. */
    public static String text(Results results, int jdk) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Comparison.HEAD);
        of(results, jdk).forEach(comparison -> rows.add(comparison.cells()));
        StringBuilder text = new StringBuilder(aligned(rows));
        results.parts().forEach((name, part) -> {
            if (name.equals("inside")) {
                part.series()
                        .forEach(one -> text.append(
                                "inside: " + one.row() + ": " + Numbers.spread(one) + " " + one.unit() + "\n"));
            }
            part.failures().forEach(failure -> text.append("FAILED: " + name + ": " + failure + "\n"));
        });
        return text.toString();
    }

    /** Text to the left, figures to the right. */
    static String aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ").append(i < 2 ? row.get(i) + padding : padding + row.get(i));
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }
}
