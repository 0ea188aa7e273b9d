package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bars that lie one below the other, each made of pieces. */
final class StackedBars {
    private static final int WIDTH = 900;
    private static final int LEFT = 190;
    private static final int RIGHT = 70;
    private static final int BAR = 24;
    private static final int STEP = 34;
    private static final String[] COLOURS = {
        "#9e9e9e", "#56b4e9", "#0072b2", "#009e73", "#e69f00", "#f0e442", "#d55e00", "#cc79a7", "#7a5195"
    };

    /** One bar; its pieces in the order in which they stand. No pieces: a heading. */
    record Bar(String label, Map<String, Double> pieces) {
        double total() {
            return pieces.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    private final String title;
    private final String unit;
    private final List<Bar> bars;

    StackedBars(String title, String unit, List<Bar> bars) {
        this.title = title;
        this.unit = unit;
        this.bars = bars;
    }

    private Map<String, String> colours() {
        Map<String, String> colours = new LinkedHashMap<>();
        for (Bar bar : bars) {
            for (String piece : bar.pieces().keySet()) {
                colours.computeIfAbsent(piece, name -> COLOURS[colours.size() % COLOURS.length]);
            }
        }
        return colours;
    }

    String svg() {
        Map<String, String> colours = colours();
        int top = 44 + Legend.height(colours, WIDTH - 40) + 8;
        int bottom = top + bars.size() * STEP;
        Svg svg = new Svg(WIDTH, bottom + 48);
        svg.text(20, 26, title, Svg.Anchor.START, Svg.LARGE, Svg.INK);
        Legend.draw(svg, colours, 20, 44, WIDTH - 40);
        Scale scale = Scale.linear(bars.stream().mapToDouble(Bar::total).max().orElse(1));
        for (double tick : scale.ticks()) {
            double x = x(scale, tick);
            svg.line(x, top, x, bottom, Svg.PALE);
            svg.text(x, bottom + 18, scale.label(tick), Svg.Anchor.MIDDLE, Svg.SMALL, Svg.INK);
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 38, unit, Svg.Anchor.MIDDLE, Svg.SMALL, Svg.INK);
        List<Bar> all = new ArrayList<>(bars);
        for (int i = 0; i < all.size(); i++) {
            draw(svg, scale, colours, all.get(i), top + i * STEP + (STEP - BAR) / 2.0);
        }
        return svg.toString();
    }

    private static double x(Scale scale, double value) {
        return LEFT + scale.part(value) * (WIDTH - LEFT - RIGHT);
    }

    private static void draw(Svg svg, Scale scale, Map<String, String> colours, Bar bar, double y) {
        double middle = y + BAR / 2.0 + 4;
        svg.text(LEFT - 10, middle, bar.label(), Svg.Anchor.END, bar.pieces().isEmpty() ? 14 : Svg.SMALL, Svg.INK);
        double before = 0;
        for (Map.Entry<String, Double> piece : bar.pieces().entrySet()) {
            double from = x(scale, before);
            before += piece.getValue();
            double length = x(scale, before) - from;
            svg.rectangle(from, y, length, BAR, colours.get(piece.getKey()));
            String figure = Numbers.figure(piece.getValue());
            if (figure.length() * Svg.LETTER + 6 < length) {
                svg.text(from + length / 2, middle, figure, Svg.Anchor.MIDDLE, Svg.SMALL, Svg.INK);
            }
        }
        if (before > 0) {
            svg.text(x(scale, before) + 6, middle, Numbers.figure(before), Svg.Anchor.START, Svg.SMALL, Svg.INK);
        }
    }
}
