package io.github.autodaemon.bench.report;

import java.util.Map;

/** Names and their colours, in as many lines as it takes. */
final class Legend {
    private static final int LINE = 20;
    private static final int SQUARE = 12;
    private static final int GAP = 18;

    private Legend() {}

    /** How high it is when it is so wide. */
    static int height(Map<String, String> colours, int width) {
        return draw(null, colours, 0, 0, width);
    }

    /** Draws it, or with nothing to draw on measures it. */
    static int draw(Svg svg, Map<String, String> colours, int left, int top, int width) {
        double x = left;
        int y = top;
        for (Map.Entry<String, String> entry : colours.entrySet()) {
            double needed = SQUARE + 6 + entry.getKey().length() * Svg.LETTER + GAP;
            if (x > left && x + needed > left + width) {
                x = left;
                y += LINE;
            }
            if (svg != null) {
                svg.rectangle(x, y, SQUARE, SQUARE, entry.getValue());
                svg.text(x + SQUARE + 6, y + SQUARE - 1.5, entry.getKey(), Svg.Anchor.START, Svg.SMALL, Svg.INK);
            }
            x += needed;
        }
        return colours.isEmpty() ? 0 : y - top + LINE;
    }
}
