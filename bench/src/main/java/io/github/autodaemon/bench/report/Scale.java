package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One axis: where a value stands between its ends, and at which values something is written. */
final class Scale {
    private final double from;
    private final double to;
    private final boolean logarithmic;
    private final List<Double> ticks;

    private Scale(double from, double to, boolean logarithmic, List<Double> ticks) {
        this.from = from;
        this.to = to;
        this.logarithmic = logarithmic;
        this.ticks = ticks;
    }

    /** From nothing to a little more than {@code max}, with four to nine round steps. */
    static Scale linear(double max) {
        double step = Math.pow(10, Math.floor(Math.log10(max / 4)));
        step *= max / step > 20 ? 5 : max / step > 8 ? 2 : 1;
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= max; i++) {
            ticks.add(i * step);
        }
        return new Scale(0, max * 1.02, false, ticks);
    }

    /** All powers of ten around the values; the ends are round. */
    static Scale logarithmic(double min, double max) {
        int low = (int) Math.floor(Math.log10(min) + 1e-9);
        int high = (int) Math.ceil(Math.log10(max) - 1e-9);
        List<Double> ticks = new ArrayList<>();
        for (int power = low; power <= Math.max(high, low + 1); power++) {
            ticks.add(Math.pow(10, power));
        }
        return new Scale(ticks.get(0), ticks.get(ticks.size() - 1), true, ticks);
    }

    /** Between these values, each a multiple of the one before. */
    static Scale steps(List<? extends Number> values) {
        List<Double> ticks = values.stream().map(Number::doubleValue).toList();
        return new Scale(ticks.get(0), ticks.get(ticks.size() - 1), true, ticks);
    }

    /** From 0 to 1. */
    double part(double value) {
        if (!logarithmic) {
            return (value - from) / (to - from);
        }
        return Math.log(value / from) / Math.log(to / from);
    }

    List<Double> ticks() {
        return ticks;
    }

    String label(double tick) {
        if (tick >= 1e6) {
            return brief(tick / 1e6) + "M";
        }
        return tick >= 10_000 ? brief(tick / 1e3) + "k" : brief(tick);
    }

    private static String brief(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}
