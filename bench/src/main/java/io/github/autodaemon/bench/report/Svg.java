package io.github.autodaemon.bench.report;

import java.util.List;
import java.util.Locale;

/** Writes a picture; lengths are pixels, y grows downwards. */
final class Svg {
    /** About the width of a letter of {@link #SMALL} size, on average. */
    static final double LETTER = 6.7;

    static final int SMALL = 12;
    static final int LARGE = 16;
    static final String INK = "#222222";
    static final String PALE = "#dddddd";

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
        rectangle(0, 0, width, height, "#ffffff");
    }

    /** Where a text stands beside its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void rectangle(double x, double y, double width, double height, String fill) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>", x, y, width, height, fill);
    }

    void line(double x1, double y1, double x2, double y2, String stroke) {
        add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>", x1, y1, x2, y2, stroke);
    }

    /** A line through points, each with a dot. */
    void path(List<double[]> points, String stroke, boolean bold) {
        StringBuilder all = new StringBuilder();
        for (double[] point : points) {
            all.append(number(point[0])).append(',').append(number(point[1])).append(' ');
            dot(point[0], point[1], stroke, bold);
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>",
                all.toString().strip(), stroke, bold ? 3 : 1.8);
    }

    void dot(double x, double y, String fill, boolean bold) {
        add("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>", x, y, bold ? 4 : 3, fill);
    }

    void text(double x, double y, String text, Anchor anchor, int size, String fill) {
        add(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" font-size=\"%s\" fill=\"%s\">%s</text>",
                x, y, anchor.name().toLowerCase(Locale.ROOT), size, fill, escape(text));
    }

    /** Along an axis that goes up. */
    void upwards(double x, double y, String text) {
        add(
                "<text transform=\"translate(%s %s) rotate(-90)\" text-anchor=\"middle\" font-size=\"%s\" fill=\"%s\">%s</text>",
                x, y, SMALL, INK, escape(text));
    }

    private void add(String format, Object... values) {
        Object[] texts = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            texts[i] = values[i] instanceof Double number ? number(number) : values[i];
        }
        body.append(String.format(Locale.ROOT, format, texts)).append('\n');
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + width + " " + height
                + "\" font-family=\"DejaVu Sans, Verdana, Helvetica, sans-serif\">\n" + body + "</svg>\n";
    }
}
