package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a native command consists of. */
public final class FrontSteps {
    /** In the order in which {@code trace.c} passes them, the start and the end of the process around them. */
    public static final List<String> STEPS = List.of(
            "process start",
            "stamp and request",
            "connect and hello",
            "request to acceptance",
            "run, until the exit piece",
            "process end");

    private FrontSteps() {}

    /** Those of which all pieces were measured. */
    static List<StackedBars.Bar> bars(Results results) {
        List<StackedBars.Bar> bars = new ArrayList<>();
        for (String who : List.of(Rows.BARE_PROCESS, Rows.STATIC_PROCESS, Rows.CALL)) {
            results.find("front", Rows.SHORT, who)
                    .ifPresent(series -> bars.add(new StackedBars.Bar(who, Map.of("whole process", series.median()))));
        }
        Map<String, Double> pieces = new LinkedHashMap<>();
        for (String step : STEPS) {
            Optional<Series> series = results.find("front", step, Rows.NATIVE);
            series.ifPresent(found -> pieces.put(step, found.median()));
        }
        if (pieces.size() == STEPS.size()) {
            bars.add(new StackedBars.Bar(Rows.NATIVE, pieces));
        }
        return bars;
    }
}
