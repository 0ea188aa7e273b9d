package io.github.autodaemon.bench.report;

import java.util.Locale;

/** Figures as people read them. */
final class Numbers {
    private Numbers() {}

    /** Three digits, or as many as stand before the point. */
    static String figure(double value) {
        double size = Math.abs(value);
        String format = size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** The median, and the quartiles. */
    static String spread(Series series) {
        return figure(series.median()) + " (" + quartiles(series) + ")";
    }

    static String quartiles(Series series) {
        return figure(series.quantile(.25)) + ".." + figure(series.quantile(.75));
    }
}
