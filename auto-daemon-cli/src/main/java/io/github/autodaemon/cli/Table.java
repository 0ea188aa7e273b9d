package io.github.autodaemon.cli;

import io.github.autodaemon.cli.Shown.Colour;
import java.util.ArrayList;
import java.util.List;

/** Rows with aligned columns. Where there is not room for all, the columns that matter least are left out. */
final class Table {
    private static final String GAP = "  ";
    private static final int LEAST = 12;

    private final List<Column> columns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * One value.
     *
     * @param text on one line
     * @param colour on a terminal that has some
     */
    record Cell(String text, Colour colour) {}

    /**
     * One column.
     *
     * @param title above it
     * @param right whether it is a number
     * @param rank the higher, the sooner it is left out; 0 for never
     */
    private record Column(String title, boolean right, int rank) {}

    Table column(String title, int rank) {
        columns.add(new Column(title, false, rank));
        return this;
    }

    Table number(String title, int rank) {
        columns.add(new Column(title, true, rank));
        return this;
    }

    void row(List<Cell> cells) {
        rows.add(cells);
    }

    static Cell cell(String text) {
        // Whatever a daemon says about itself stays in its column.
        return new Cell(Output.clean(text), Colour.NONE);
    }

    /** The lines, none wider than that. */
    List<List<Cell>> lines(int width) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            kept.add(i);
        }
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        fit(kept, widths, width);
        List<List<Cell>> lines = new ArrayList<>();
        List<Cell> head = new ArrayList<>();
        for (int i : kept) {
            add(head, new Cell(columns.get(i).title(), Colour.DIM), i, widths, kept);
        }
        lines.add(head);
        for (List<Cell> row : rows) {
            List<Cell> line = new ArrayList<>();
            for (int i : kept) {
                add(line, row.get(i), i, widths, kept);
            }
            lines.add(line);
        }
        return lines;
    }

    private void fit(List<Integer> kept, int[] widths, int width) {
        int over = total(kept, widths) - width;
        while (over > 0) {
            int least = kept.get(0);
            for (int i : kept) {
                least = columns.get(i).rank() > columns.get(least).rank() ? i : least;
            }
            if (columns.get(least).rank() > 0 && widths[least] - over < LEAST) {
                kept.remove(Integer.valueOf(least));
            } else {
                int cut = columns.get(least).rank() > 0 ? least : widest(kept, widths);
                widths[cut] = Math.max(1, widths[cut] - over);
                if (widths[cut] == 1) {
                    return;
                }
            }
            over = total(kept, widths) - width;
        }
    }

    private static int widest(List<Integer> kept, int[] widths) {
        int widest = kept.get(0);
        for (int i : kept) {
            widest = widths[i] > widths[widest] ? i : widest;
        }
        return widest;
    }

    private static int total(List<Integer> kept, int[] widths) {
        int total = GAP.length() * (kept.size() - 1);
        for (int i : kept) {
            total += widths[i];
        }
        return total;
    }

    private void add(List<Cell> line, Cell cell, int column, int[] widths, List<Integer> kept) {
        String text = cut(cell.text(), widths[column]);
        Cell space = cell(" ".repeat(widths[column] - text.length()));
        boolean last = column == kept.get(kept.size() - 1);
        if (column != kept.get(0)) {
            line.add(cell(GAP));
        }
        Cell shown = new Cell(text, cell.colour());
        if (columns.get(column).right()) {
            line.add(space);
            line.add(shown);
        } else {
            line.add(shown);
            if (!last) {
                line.add(space);
            }
        }
    }

    static String cut(String text, int width) {
        return text.length() <= width
                ? text
                : width < 4 ? text.substring(0, width) : text.substring(0, width - 3) + "...";
    }
}
