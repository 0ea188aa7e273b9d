package io.github.autodaemon.examples.notes;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

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

    /** Whether standard error is a terminal. Java does not say; where there is a /proc, the system does. */
    static boolean isTerminal() {
        try {
            Path device = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            return device.startsWith("/dev/pts") || device.toString().matches("/dev/(tty.*|console)");
        } catch (IOException e) {
            return isConsole();
        }
    }

    /** Whether standard input and output are one. From JDK 22 on there is a console even if they are not. */
    @SuppressWarnings("SystemConsoleNull") // Until JDK 21 it is null, and after that it can be asked.
    private static boolean isConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
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
