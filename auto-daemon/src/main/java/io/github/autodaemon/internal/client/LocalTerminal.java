package io.github.autodaemon.internal.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The terminal of this process, by stty(1): the JDK knows no more of terminals than whether there is one. */
public final class LocalTerminal {
    /**
     * Sets modes, a line each, and sets the old ones at the end of its input: when this process has died as well. It
     * stays when a key sends a signal.
     */
    private static final String HOLDER = """
            trap '' HUP INT QUIT TERM TSTP TTOU
            saved=$(stty -g </dev/tty) || exit
            while read -r modes; do
              stty "$saved" $modes </dev/tty
              echo
            done
            stty "$saved" </dev/tty
            """;

    private static final int RAW = 1;
    private static final int NO_ECHO = 2;

    private final List<Integer> streams = new ArrayList<>();

    // Guarded by this.
    private @Nullable Process holder;

    private final FutureTask<int[]> sizeAtStart = new FutureTask<>(LocalTerminal::measure);

    /** Finds out which of the standard streams are a terminal, and begins to ask for its size, which takes a process. */
    public LocalTerminal() {
        for (int descriptor = 0; descriptor <= 2; descriptor++) {
            streams.add(isTerminal(descriptor) ? 1 : 0);
        }
        if (isAny()) {
            Thread asking = new Thread(sizeAtStart, "auto-daemon-terminal");
            asking.setDaemon(true);
            asking.start();
        }
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** 1 for each of the three streams that is a terminal, else 0. */
    public List<Integer> streams() {
        return streams;
    }

    boolean isAny() {
        return streams.contains(1);
    }

    /** Columns and rows at the start; zeros when they are not known. */
    public int[] sizeAtStart() throws InterruptedException {
        try {
            return isAny() ? sizeAtStart.get() : new int[2];
        } catch (ExecutionException e) {
            return new int[2];
        }
    }

    /** Columns and rows now; zeros when they are not known. */
    static int[] measure() {
        int[] size = new int[2];
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] words = text.strip().split(" ", -1);
            if (words.length == size.length) {
                size[0] = Integer.parseInt(words[1]);
                size[1] = Integer.parseInt(words[0]);
            }
        } catch (IOException | NumberFormatException e) {
            return new int[2];
        }
        return size;
    }

    /** Sets the modes; 0 for those at the start. */
    synchronized void set(int mode) {
        try {
            Process holding = holder;
            if (holding == null) {
                holding = new ProcessBuilder("sh", "-c", HOLDER, "auto-daemon-terminal")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                holder = holding;
            }
            String modes = ((mode & RAW) != 0 ? "-icanon -isig -iexten -ixon -icrnl min 1 time 0 " : "")
                    + ((mode & NO_ECHO) != 0 ? "-echo" : "");
            OutputStream to = holding.getOutputStream();
            to.write((modes + "\n").getBytes(StandardCharsets.US_ASCII));
            to.flush();
            // Until it has happened: what is typed next is meant for the new modes.
            int done = holding.getInputStream().read();
            assert done != 0;
        } catch (IOException e) {
            // No stty: the terminal stays as it is.
            assert mode >= 0;
        }
    }

    /** Sets the modes at the start again, if they were changed. */
    synchronized void restore() {
        Process holding = holder;
        holder = null;
        if (holding != null) {
            try {
                holding.getOutputStream().close();
                int code = holding.waitFor();
                assert code >= 0;
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
