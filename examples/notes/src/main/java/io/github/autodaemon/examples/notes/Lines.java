package io.github.autodaemon.examples.notes;

import java.util.Arrays;

/** The lines of a text; the first is 1. */
final class Lines {
    private static final int MAX_SHOWN = 200;

    private final String all;
    private final int[] starts;

    Lines(String all) {
        this.all = all;
        int[] found = new int[8];
        int count = 1;
        for (int newline = all.indexOf('\n'); newline >= 0; newline = all.indexOf('\n', newline + 1)) {
            if (count == found.length) {
                found = Arrays.copyOf(found, count * 2);
            }
            found[count++] = newline + 1;
        }
        this.starts = Arrays.copyOf(found, count);
    }

    int lineAt(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The text of a line, as much as fits on a screen. */
    String text(int line) {
        int end = line < starts.length ? starts[line] : all.length();
        String text = TextFile.printable(all.substring(starts[line - 1], end)).strip();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + " ...";
    }
}
