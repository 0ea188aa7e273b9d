package io.github.autodaemon.bench;

import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.report.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What perf(1) counts of a command and all that it starts, until it ends: figures that do not depend on what else runs. */
final class Counted {
    private static final String EVENTS = "page-faults,instructions";
    private static final double MILLION = 1e6;

    private Counted() {}

    /** Its page faults, and its instructions where the kernel counts them. */
    static List<Figure> run(String row, List<String> command, Path file) throws IOException {
        List<String> whole = new ArrayList<>(List.of("perf", "stat", "-x", ";", "-e", EVENTS, "-o", file + "", "--"));
        whole.addAll(command);
        Timed.run(whole);
        List<Figure> figures = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            // Value, unit, event; of what is not counted the value is no number.
            String[] fields = line.split(";", -1);
            if (fields.length > 2 && fields[0].matches("[0-9]+")) {
                double value = Double.parseDouble(fields[0]);
                figures.add(
                        fields[2].startsWith("page-faults")
                                ? new Figure(Rows.faults(row), "faults", value)
                                : new Figure(Rows.instructions(row), "million", value / MILLION));
            }
        }
        return figures;
    }
}
