package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** From results to charts; a chart of which nothing was measured is not made. */
final class Plots {
    private static final List<String> QUANTILE_NAMES = List.of("50", "75", "90", "95", "99", "99.9");
    private static final List<Double> QUANTILES = List.of(.5, .75, .9, .95, .99, .999);
    private static final List<String> CONTENDERS = List.of("raw Java", "npm", "gRPC", "LSP4J", "RMI", "auto-daemon");

    private final Map<Integer, Results> results;

    /** By JDK. */
    Plots(Map<Integer, Results> results) {
        this.results = results;
    }

    /** By file name. */
    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        putBars(
                all,
                "startup.svg",
                "Where the milliseconds of a warm command go (differences of medians)",
                "milliseconds, whole process",
                one -> new StartUp(one).bars());
        putBars(
                all,
                "front.svg",
                "Where the microseconds of a native command go (medians)",
                "microseconds, whole process",
                FrontSteps::bars);
        put(all, "latency.svg", latency());
        put(all, "sizes.svg", sizes());
        put(
                all,
                "memory.svg",
                growth("Memory of a daemon that holds idle connections", "proportional set size, MiB", true));
        put(all, "connections.svg", growth("Calls while all connections call at once", "calls a second", false));
        return all;
    }

    private static void put(Map<String, String> all, String name, Optional<LineChart> chart) {
        chart.ifPresent(one -> all.put(name, one.svg()));
    }

    private static OptionalDouble median(Results one, String part, String row, String who) {
        return one.find(part, row, who)
                .map(Series::median)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    private void putBars(
            Map<String, String> all,
            String name,
            String title,
            String unit,
            Function<Results, List<StackedBars.Bar>> barsOf) {
        List<StackedBars.Bar> bars = new ArrayList<>();
        results.forEach((jdk, one) -> {
            List<StackedBars.Bar> its = barsOf.apply(one);
            if (!its.isEmpty()) {
                bars.add(new StackedBars.Bar("JDK " + jdk, Map.of()));
                bars.addAll(its);
            }
        });
        if (!bars.isEmpty()) {
            all.put(name, new StackedBars(title, unit, bars).svg());
        }
    }

    private static Optional<LineChart> chart(
            String title, String across, String up, Scale x, List<String> names, List<LineChart.Panel> panels) {
        List<LineChart.Panel> some =
                panels.stream().filter(panel -> !panel.lines().isEmpty()).toList();
        if (some.isEmpty()) {
            return Optional.empty();
        }
        List<Double> ticks = x.ticks();
        return Optional.of(new LineChart(title, across, up, x, tick -> names.get(ticks.indexOf(tick)), some));
    }

    /** One line for each contender that has points. */
    private static List<LineChart.Line> lines(PointsOf points) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (String who : CONTENDERS) {
            List<double[]> its = points.of(who);
            if (!its.isEmpty()) {
                lines.add(new LineChart.Line(who, its));
            }
        }
        return lines;
    }

    private interface PointsOf {
        List<double[]> of(String who);
    }

    /** Each further nine is as far from the last. */
    private static double nines(double quantile) {
        return 1 / (1 - quantile);
    }

    private Optional<LineChart> latency() {
        List<LineChart.Panel> panels = new ArrayList<>();
        results.forEach((jdk, one) -> {
            for (String pin : List.of("one processor", "a processor each")) {
                panels.add(new LineChart.Panel("JDK " + jdk + ", " + pin, lines(who -> {
                    List<double[]> points = new ArrayList<>();
                    for (double quantile : QUANTILES) {
                        median(one, "calls", Rows.quantile(pin, quantile), who)
                                .ifPresent(y -> points.add(new double[] {nines(quantile), y}));
                    }
                    return points;
                })));
            }
        });
        return chart(
                "How long a call takes, percentile by percentile",
                "percentile",
                "microseconds",
                Scale.steps(QUANTILES.stream().map(Plots::nines).toList()),
                QUANTILE_NAMES,
                panels);
    }

    private Optional<LineChart> sizes() {
        List<LineChart.Panel> panels = new ArrayList<>();
        results.forEach((jdk, one) -> panels.add(new LineChart.Panel("JDK " + jdk, lines(who -> {
            List<double[]> points = new ArrayList<>();
            for (int size : Rows.SIZES) {
                median(one, "sizes", Rows.size(size), who)
                        .ifPresent(calls -> points.add(new double[] {size, calls * size / 1e6}));
            }
            return points;
        }))));
        return chart(
                "Texts there and back, one after the other",
                "size of the text",
                "MB a second, each way",
                Scale.steps(Rows.SIZES),
                Rows.SIZES.stream().map(size -> Rows.bytes(size)).toList(),
                panels);
    }

    private Optional<LineChart> growth(String title, String up, boolean memory) {
        List<LineChart.Panel> panels = new ArrayList<>();
        results.forEach((jdk, one) -> panels.add(new LineChart.Panel("JDK " + jdk, lines(who -> {
            List<double[]> points = new ArrayList<>();
            for (int count : Rows.CONNECTIONS) {
                median(one, "connections", memory ? Rows.holding(count) : Rows.calling(count), who)
                        .ifPresent(y -> points.add(new double[] {count, y}));
            }
            return points;
        }))));
        return chart(
                title,
                "connections",
                up,
                Scale.steps(Rows.CONNECTIONS),
                Rows.CONNECTIONS.stream().map(count -> Rows.count(count)).toList(),
                panels);
    }
}
