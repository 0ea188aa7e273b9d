package io.github.autodaemon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One row of the table. */
record Comparison(String what, String unit, Samples ours, Samples peer) {
    private static final List<String> HEAD =
            List.of("what", "unit", "ours", "peer", "ours/peer", "ours min..max", "peer min..max");

    static String table(List<Comparison> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEAD);
        rows.forEach(row -> cells.add(row.cells()));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                // Text to the left, figures to the right.
                line.append(i == 0 ? "" : "  ").append(i < 2 ? row.get(i) + padding : padding + row.get(i));
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private List<String> cells() {
        return List.of(
                what,
                unit,
                figure(ours.median()),
                figure(peer.median()),
                String.format(Locale.ROOT, "%.2f", ours.median() / peer.median()),
                range(ours),
                range(peer));
    }

    private static String range(Samples samples) {
        return figure(samples.min()) + ".." + figure(samples.max());
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
