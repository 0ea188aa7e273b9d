package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the warm commands consist of: each piece is how much longer a program takes than the one that lacks it. */
final class StartUp {
    private final Results results;

    StartUp(Results results) {
        this.results = results;
    }

    private double median(String who) {
        return median(Rows.WARM, who);
    }

    private double median(String row, String who) {
        return results.find("warm", row, who).map(Series::median).orElse(Double.NaN);
    }

    /** Those of which all pieces were measured. */
    List<StackedBars.Bar> bars() {
        double process = median(Rows.BARE_PROCESS);
        double before = median(Rows.before(Rows.WARM), Rows.BARE_JVM) - process;
        double after = median(Rows.BARE_JVM) - before - process;
        double floor = median(Rows.FLOOR);
        double script = median(Rows.SHELL_SCRIPT) - process;
        double dynamic = median(Rows.DYNAMIC);
        Map<String, Double> base = new LinkedHashMap<>();
        base.put("process", process);
        base.put("JVM until main", before);
        base.put("JVM after main", after);
        base.put("Unix socket", floor - median(Rows.BARE_JVM));
        List<StackedBars.Bar> bars = new ArrayList<>();
        add(bars, "raw Java (the floor)", base);
        add(bars, "auto-daemon, dynamic", plus(base, "library", dynamic - floor));
        Map<String, Double> typed = plus(base, "library", dynamic - floor);
        typed.put("typed interface", median(Rows.TYPED) - dynamic - script);
        typed.put("shell script", script);
        add(bars, "./counter add 1", typed);
        for (String peer : List.of("RMI", "LSP4J", "gRPC")) {
            add(bars, peer, plus(base, "library", median(peer) - floor));
        }
        Map<String, Double> npm = new LinkedHashMap<>();
        npm.put("process", process);
        npm.put("Node.js", median(Rows.BARE_NODE) - process);
        npm.put("library", median("npm") - median(Rows.BARE_NODE));
        add(bars, "npm", npm);
        return bars;
    }

    private static Map<String, Double> plus(Map<String, Double> base, String name, double value) {
        Map<String, Double> all = new LinkedHashMap<>(base);
        all.put(name, value);
        return all;
    }

    private static void add(List<StackedBars.Bar> bars, String label, Map<String, Double> pieces) {
        if (pieces.values().stream().noneMatch(piece -> Double.isNaN(piece))) {
            // Less than nothing is noise.
            pieces.replaceAll((name, value) -> Math.max(0, value));
            bars.add(new StackedBars.Bar(label, new LinkedHashMap<>(pieces)));
        }
    }
}
