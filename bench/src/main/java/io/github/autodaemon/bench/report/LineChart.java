package io.github.autodaemon.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/** Panels of lines, two beside each other, that share their axes and their legend. */
final class LineChart {
    private static final int WIDTH = 900;
    private static final int PANEL = 300;
    private static final int LEFT = 64;
    private static final int GAP = 50;

    /** One line; the points are pairs of x and y. */
    record Line(String name, List<double[]> points) {}

    /** Lines in one frame. */
    record Panel(String title, List<Line> lines) {}

    private final String title;
    private final String across;
    private final String up;
    private final Scale x;
    private final DoubleFunction<String> labels;
    private final List<Panel> panels;

    /** {@code across} and {@code up} are what is written at the axes; {@code labels} writes the ticks of the first. */
    LineChart(String title, String across, String up, Scale x, DoubleFunction<String> labels, List<Panel> panels) {
        this.title = title;
        this.across = across;
        this.up = up;
        this.x = x;
        this.labels = labels;
        this.panels = panels;
    }

    private Map<String, String> colours() {
        Map<String, String> colours = new LinkedHashMap<>();
        for (Panel panel : panels) {
            for (Line line : panel.lines()) {
                colours.put(line.name(), colour(line.name()));
            }
        }
        return colours;
    }

    /** The same in every chart. */
    static String colour(String name) {
        return switch (name) {
            case "auto-daemon" -> "#0072b2";
            case "raw Java" -> "#888888";
            case "npm" -> "#d55e00";
            case "gRPC" -> "#009e73";
            case "LSP4J" -> "#cc79a7";
            default -> "#e69f00";
        };
    }

    private Scale y() {
        List<Double> all = new ArrayList<>();
        for (Panel panel : panels) {
            for (Line line : panel.lines()) {
                line.points().forEach(point -> all.add(point[1]));
            }
        }
        return Scale.logarithmic(
                all.stream().mapToDouble(Double::doubleValue).min().orElse(1),
                all.stream().mapToDouble(Double::doubleValue).max().orElse(10));
    }

    String svg() {
        Map<String, String> colours = colours();
        int top = 44 + Legend.height(colours, WIDTH - 40) + 8;
        int rows = (panels.size() + 1) / 2;
        int step = PANEL + 76;
        Svg svg = new Svg(WIDTH, top + rows * step);
        svg.text(20, 26, title, Svg.Anchor.START, Svg.LARGE, Svg.INK);
        Legend.draw(svg, colours, 20, 44, WIDTH - 40);
        Scale y = y();
        double width = (WIDTH - LEFT - GAP - LEFT) / 2.0;
        for (int i = 0; i < panels.size(); i++) {
            double left = LEFT + i % 2 * (width + LEFT + 20);
            draw(svg, y, panels.get(i), left, top + i / 2 * step + 24.0, width);
        }
        return svg.toString();
    }

    private void draw(Svg svg, Scale y, Panel panel, double left, double top, double width) {
        double bottom = top + PANEL;
        svg.text(left, top - 8, panel.title(), Svg.Anchor.START, 14, Svg.INK);
        for (double tick : x.ticks()) {
            double at = left + x.part(tick) * width;
            svg.line(at, top, at, bottom, Svg.PALE);
            svg.text(at, bottom + 16, labels.apply(tick), Svg.Anchor.MIDDLE, Svg.SMALL, Svg.INK);
        }
        for (double tick : y.ticks()) {
            double at = bottom - y.part(tick) * PANEL;
            svg.line(left, at, left + width, at, Svg.PALE);
            svg.text(left - 6, at + 4, y.label(tick), Svg.Anchor.END, Svg.SMALL, Svg.INK);
        }
        svg.text(left + width / 2, bottom + 36, across, Svg.Anchor.MIDDLE, Svg.SMALL, Svg.INK);
        svg.upwards(left - 48, top + PANEL / 2.0, up);
        for (Line line : panel.lines()) {
            List<double[]> points = line.points().stream()
                    .map(point -> new double[] {left + x.part(point[0]) * width, bottom - y.part(point[1]) * PANEL})
                    .toList();
            svg.path(points, colour(line.name()), line.name().equals("auto-daemon"));
        }
    }
}
