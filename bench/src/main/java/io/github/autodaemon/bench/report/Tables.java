package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** From results to tables of the document, one for each JDK. */
final class Tables {
    private final Map<Integer, Results> results;

    /** By JDK. */
    Tables(Map<Integer, Results> results) {
        this.results = results;
    }

    static String table(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---")
                        .append("|---:".repeat(rows.get(0).size() - 1))
                        .append("|\n");
            }
        }
        return text.toString();
    }

    private interface Of {
        List<List<String>> rows(Results one, int jdk);
    }

    private String each(Of of) {
        StringBuilder text = new StringBuilder();
        results.forEach((jdk, one) -> {
            List<List<String>> rows = of.rows(one, jdk);
            if (rows.size() > 1) {
                text.append(text.length() == 0 ? "" : "\n")
                        .append("JDK ")
                        .append(jdk)
                        .append(":\n\n")
                        .append(table(rows));
            }
        });
        return text.length() == 0 ? "Not measured yet.\n" : text.toString();
    }

    /** With what, and when. */
    String setup() {
        return each((one, jdk) -> {
            List<List<String>> rows = new ArrayList<>(List.of(List.of("", "")));
            one.setup().forEach((name, value) -> rows.add(List.of(name, value)));
            Set<String> dates = new LinkedHashSet<>();
            one.parts().values().forEach(part -> dates.add(part.date()));
            rows.add(List.of("measured on", String.join(", ", dates)));
            long seconds = one.parts().values().stream()
                    .mapToLong(Results.Part::seconds)
                    .sum();
            rows.add(List.of("measured for", seconds / 60 + " min"));
            one.parts().forEach((name, part) -> part.failures()
                    .forEach(failure -> rows.add(List.of("failed: " + name, failure))));
            return rows;
        });
    }

    /** All comparisons that have a goal. */
    String goals() {
        return each((one, jdk) -> {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("", "unit", "ours", "peer", "ratio", "quartiles of the ratio", "goal", "met"));
            for (Comparison comparison : Comparisons.of(one, jdk)) {
                if (!comparison.goal().isEmpty()) {
                    List<String> cells = comparison.cells();
                    rows.add(List.of(
                            cells.get(0),
                            cells.get(1),
                            cells.get(2),
                            cells.get(3),
                            "**" + cells.get(4) + "**",
                            cells.get(7),
                            cells.get(5),
                            cells.get(6)));
                }
            }
            return rows;
        });
    }

    /** Option by option, JDK beside JDK. */
    String jvm() {
        Set<String> all = new LinkedHashSet<>();
        results.values().forEach(one -> {
            Optional.ofNullable(one.parts().get("jvm"))
                    .ifPresent(part -> part.series().forEach(series -> all.add(series.who())));
        });
        return each((one, jdk) -> {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("", "whole process, ms", JvmSteps.BEFORE, JvmSteps.AFTER, "beside " + JvmSteps.PLAIN));
            Optional<Series> plain = one.find("jvm", JvmSteps.WHOLE, JvmSteps.PLAIN);
            for (String who : all) {
                one.find("jvm", JvmSteps.WHOLE, who)
                        .ifPresent(whole -> rows.add(List.of(
                                who.startsWith("-") ? "`" + who + "`" : who,
                                Numbers.spread(whole),
                                median(one, JvmSteps.BEFORE, who),
                                median(one, JvmSteps.AFTER, who),
                                plain.map(base -> signed(whole.median() - base.median()))
                                        .orElse(""))));
            }
            return rows;
        });
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + Numbers.figure(value);
    }

    private static String median(Results one, String row, String who) {
        return one.find("jvm", row, who)
                .map(series -> Numbers.figure(series.median()))
                .orElse("");
    }

    /** Rows of one part, with a column for each contender. */
    String matrix(String part, Predicate<String> rows) {
        return each((one, jdk) -> {
            List<List<String>> cells = new ArrayList<>();
            Results.Part found = one.parts().get(part);
            if (found == null) {
                return cells;
            }
            Set<String> whos = new LinkedHashSet<>();
            Set<String> names = new LinkedHashSet<>();
            found.series().stream().filter(series -> rows.test(series.row())).forEach(series -> {
                whos.add(series.who());
                names.add(series.row());
            });
            List<String> head = new ArrayList<>(List.of("", "unit"));
            head.addAll(whos);
            cells.add(head);
            for (String name : names) {
                cells.add(row(one, part, name, whos));
            }
            return cells;
        });
    }

    private static List<String> row(Results one, String part, String name, Set<String> whos) {
        List<String> row = new ArrayList<>(List.of(name, ""));
        for (String who : whos) {
            Optional<Series> series = one.find(part, name, who);
            series.ifPresent(found -> row.set(1, found.unit()));
            row.add(series.map(Numbers::spread).orElse(""));
        }
        return row;
    }

    /** Contenders of one row of a part, one below the other. */
    String list(String part, String row) {
        return each((one, jdk) -> {
            List<List<String>> cells = new ArrayList<>();
            Results.Part found = one.parts().get(part);
            if (found == null) {
                return cells;
            }
            cells.add(List.of(row, "unit", "median (quartiles)", "least..most"));
            found.series().stream()
                    .filter(series -> series.row().equals(row))
                    .forEach(series -> cells.add(List.of(
                            series.who(),
                            series.unit(),
                            Numbers.spread(series),
                            Numbers.figure(series.quantile(0)) + ".." + Numbers.figure(series.quantile(1)))));
            return cells;
        });
    }
}
