package io.github.autodaemon.examples.notes;

import java.io.PrintStream;

/** Shows progress: a bar that grows in its line on a terminal, else a line for each tenth. */
final class ProgressBar {
    private static final int WIDTH = 40;
    private static final int TENTHS = 10;

    private final PrintStream out;
    private final boolean terminal;
    private int tenths;
    private boolean drawn;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(int done, int total) {
        if (total == 0) {
            return;
        }
        if (terminal) {
            int filled = (int) ((long) WIDTH * done / total);
            out.printf(
                    "\r[%s%s] %3d%% %d of %d files",
                    "#".repeat(filled), ".".repeat(WIDTH - filled), 100L * done / total, done, total);
            out.flush();
            drawn = true;
        } else if (total >= TENTHS && (long) TENTHS * done / total > tenths) {
            tenths = (int) ((long) TENTHS * done / total);
            out.println("notes: " + done + " of " + total + " files");
        }
    }

    /** The line is free again. */
    void end() {
        if (drawn) {
            out.print("\r\033[K");
            out.flush();
        }
    }
}
