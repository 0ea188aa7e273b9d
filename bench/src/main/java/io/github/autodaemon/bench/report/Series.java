package io.github.autodaemon.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** What was measured of one contender in one row, in the order in which it was. */
public record Series(String row, String who, String unit, List<Double> samples) {
    private static final int DIGITS = 4;

    /** At least one figure. */
    public Series {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured of " + who + " in " + row);
        }
    }

    double median() {
        return quantile(.5);
    }

    /** Between two samples, in proportion. */
    double quantile(double fraction) {
        List<Double> sorted = samples.stream().sorted().toList();
        double place = fraction * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    /** This beside that, pair by pair, as they were measured in turns. */
    Series beside(Series peer) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(samples.size(), peer.samples.size()); i++) {
            ratios.add(samples.get(i) / peer.samples.get(i));
        }
        return new Series(row, who + " / " + peer.who, "", ratios);
    }

    /** More digits would only fill the file. */
    public static double rounded(double value) {
        return value == 0 || !Double.isFinite(value)
                ? value
                : new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue();
    }
}
