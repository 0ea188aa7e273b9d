package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What is compared with what, and how it should come out.
 *
 * @param limit17 of the ratio with a JDK before 25
 * @param limit25 the same from 25
 * @param more whether more is better: then the limit is the least, else the most
 */
record Goal(String part, String row, String who, String peer, double limit17, double limit25, boolean more) {
    /** No goal: it is reported. */
    private static final double NONE = Double.NaN;

    private static final String OURS = "auto-daemon";

    static final List<Goal> ALL = all();

    private static List<Goal> all() {
        List<Goal> all = new ArrayList<>();
        all.add(least("warm", Rows.WARM, Rows.TYPED, Rows.FLOOR, 1.25, 1.25));
        all.add(least("warm", Rows.WARM, Rows.DYNAMIC, Rows.FLOOR, 1.15, 1.15));
        all.add(least("warm", Rows.WARM, Rows.TYPED, "npm", .8, .65));
        all.add(least("warm", Rows.WARM, Rows.TYPED, "gRPC", .3, .3));
        all.add(least("warm", Rows.WARM, Rows.TYPED, "LSP4J", .4, .4));
        all.add(least("warm", Rows.WARM, Rows.TYPED, "RMI", .65, .65));
        all.add(least("warm", Rows.WARM, Rows.BARE_JVM, Rows.BARE_NODE, NONE, NONE));
        all.add(least("front", Rows.SHORT, Rows.CALL, Rows.BARE_PROCESS, NONE, NONE));
        all.add(least("front", Rows.SHORT, Rows.NATIVE, Rows.BARE_PROCESS, .8, .8));
        all.add(least("front", Rows.SHORT, Rows.NATIVE_STREAMS, Rows.BARE_PROCESS, 1.3, 1.3));
        all.add(least("front", Rows.SHORT, Rows.SCRIPT_STREAMS, Rows.BARE_PROCESS, 2.5, 2.5));
        all.add(least("front", Rows.SHORT, Rows.NATIVE, Rows.NAILGUN, .6, .6));
        all.add(least("front", Rows.ANY, Rows.NATIVE_STREAMS, Rows.JVM_STREAMS, .08, .08));
        all.add(least("front", Rows.ANY, Rows.NATIVE, "npm", .05, .05));
        for (String row : List.of(Rows.OUT, Rows.IN)) {
            all.add(new Goal("front", row, Rows.NATIVE, Rows.PLAIN_PROCESS, NONE, NONE, true));
        }
        all.add(least("tools", Rows.FORMAT, Rows.WARM_TOOL, Rows.COLD_TOOL, .05, .05));
        all.add(least("tools", Rows.FORMAT, Rows.WARM_TOOL, Rows.CACHED_TOOL, .1, .1));
        all.add(least("tools", Rows.FORMAT, Rows.WARM_TOOL, Rows.NAILGUN, NONE, NONE));
        all.add(least("tools", Rows.FORMAT, Rows.FIRST_TOOL, Rows.COLD_TOOL, 1.05, 1.05));
        all.add(least("tools", Rows.CLOSURE, Rows.WARM_TOOL, Rows.NATIVE_TOOL, .6, .6));
        all.add(least("cold", Rows.COLD, OURS, "npm", .95, .95));
        all.add(least("crowd", Rows.CROWD, "cold", "warm", 1.3, 1.3));
        for (String row : List.of(Rows.WARM, Rows.COLD)) {
            all.add(least("counts", Rows.faults(row), OURS, "npm", NONE, NONE));
            all.add(least("counts", Rows.instructions(row), OURS, "npm", NONE, NONE));
        }
        for (String pin : List.of("one processor", "a processor each")) {
            boolean one = pin.startsWith("one");
            for (double quantile : new double[] {.5, .99}) {
                boolean median = one && quantile == .5;
                String row = Rows.quantile(pin, quantile);
                all.add(least("calls", row, OURS, "raw Java", median ? 1.6 : NONE, median ? 1.6 : NONE));
                all.add(least("calls", row, OURS, "LSP4J", median ? .8 : NONE, median ? .8 : NONE));
                for (String peer : List.of("RMI", "npm", "gRPC")) {
                    all.add(least("calls", row, OURS, peer, NONE, NONE));
                }
            }
        }
        for (String pin : List.of("one processor", "a processor each")) {
            String row = Rows.pipelined(pin);
            all.add(most("calls", row, "LSP4J", 3));
            all.add(most("calls", row, "npm", 5));
            all.add(most("calls", row, "gRPC", NONE));
            all.add(most("calls", row, "RMI", NONE));
            all.add(most("calls", row, "raw Java", NONE));
        }
        for (int count : Rows.THREADS) {
            for (String peer : List.of("LSP4J", "npm", "gRPC", "RMI")) {
                all.add(most("threads", Rows.threads(count), peer, NONE));
            }
        }
        for (String peer : List.of("LSP4J", "npm", "gRPC", "RMI")) {
            all.add(most("items", Rows.ITEMS, peer, NONE));
        }
        all.add(most("streams", Rows.STREAM, "raw Java", .9));
        all.add(most("streams", Rows.STREAM, "raw Java, heap", NONE));
        all.add(most("streams", Rows.STREAM, "npm", NONE));
        all.add(most("streams", Rows.STREAM, "gRPC", NONE));
        all.add(most("streams", Rows.STREAM, "auto-daemon, shared connection", NONE));
        for (String peer : List.of("npm", "raw Java", "LSP4J", "gRPC", "RMI")) {
            double limit = peer.equals("npm") ? .9 : NONE;
            all.add(least("memory", Rows.IDLE, OURS, peer, limit, limit));
            all.add(least("memory", Rows.ALONE, OURS, peer, limit, limit));
        }
        for (int count : Rows.CONNECTIONS) {
            all.add(least("connections", Rows.holding(count), OURS, "npm", NONE, NONE));
            // Of a few, what the collector happens to do is more than what they take.
            if (count >= 1000) {
                all.add(least("connections", Rows.perConnection(count), OURS, "npm", .5, .5));
            }
        }
        for (int count : Rows.CONNECTIONS) {
            all.add(most("connections", Rows.calling(count), "npm", NONE));
        }
        for (int count : Rows.CONNECTIONS) {
            all.add(least("connections", Rows.one(count), OURS, "npm", NONE, NONE));
        }
        for (int size : Rows.SIZES) {
            all.add(most("sizes", Rows.size(size), "npm", NONE));
            all.add(most("sizes", Rows.size(size), "LSP4J", NONE));
        }
        return all;
    }

    private static Goal least(String part, String row, String who, String peer, double limit17, double limit25) {
        return new Goal(part, row, who, peer, limit17, limit25, false);
    }

    private static Goal most(String part, String row, String peer, double limit) {
        return new Goal(part, row, OURS, peer, limit, limit, true);
    }

    private double limit(int jdk) {
        return jdk < 25 ? limit17 : limit25;
    }

    boolean isSet(int jdk) {
        return !Double.isNaN(limit(jdk));
    }

    boolean isMet(double ratio, int jdk) {
        return more ? ratio >= limit(jdk) : ratio <= limit(jdk);
    }

    /** In words; nothing when there is none. */
    String words(int jdk) {
        return isSet(jdk) ? (more ? "≥ " : "≤ ") + Numbers.ratio(limit(jdk)) : "";
    }
}
