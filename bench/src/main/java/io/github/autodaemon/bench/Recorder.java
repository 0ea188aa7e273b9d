package io.github.autodaemon.bench;

import io.github.autodaemon.bench.report.Results;
import io.github.autodaemon.bench.report.Series;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what one part measures. */
final class Recorder {
    private record Key(String row, String who, String unit) {}

    private final Map<Key, List<Double>> samples = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final long began = System.nanoTime();

    void add(String who, Turns.Figure figure) {
        samples.computeIfAbsent(new Key(figure.row(), who, figure.unit()), key -> new ArrayList<>())
                .add(figure.value());
    }

    void failed(String who, Exception e) {
        String failure = who + ": " + e.getMessage();
        failures.add(failure);
        System.err.println("bench: " + failure);
    }

    Results.Part part() {
        List<Series> all = new ArrayList<>();
        samples.forEach((key, values) -> all.add(new Series(
                key.row(),
                key.who(),
                key.unit(),
                values.stream().map(Series::rounded).toList())));
        return new Results.Part(
                LocalDate.now(ZoneId.systemDefault()).toString(),
                Math.round((System.nanoTime() - began) / 1e9),
                all,
                failures);
    }
}
