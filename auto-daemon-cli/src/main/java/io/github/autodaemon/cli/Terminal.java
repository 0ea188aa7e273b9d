package io.github.autodaemon.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The terminal, if standard output is one, as the script that starts this command has found. */
final class Terminal implements AutoCloseable {
    private static final boolean IS = Boolean.getBoolean("autod.terminal");
    private static final int WIDTH = 80;
    private static final int HEIGHT = 24;
    private static final File TTY = new File("/dev/tty");
    private static final Path ERROR = Path.of("/proc/self/fd/2");

    private final FileInputStream keys;
    private final String saved;

    private Terminal(FileInputStream keys, String saved) {
        this.keys = keys;
        this.saved = saved;
    }

    static boolean isThere() {
        return IS;
    }

    /** Whether standard error is a terminal, too; it may be a file. */
    static boolean showsErrors() {
        try {
            String name = Files.readSymbolicLink(ERROR).toString();
            return IS && (name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console"));
        } catch (IOException e) {
            return false;
        }
    }

    static boolean colours() {
        String no = System.getenv("NO_COLOR");
        return IS && (no == null || no.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /**
     * Rows and columns.
     *
     * @param rows of text
     * @param columns of text
     */
    record Size(int rows, int columns) {}

    static Size size() {
        String said = stty("size");
        String[] words = said == null ? new String[0] : said.strip().split(" ", -1);
        try {
            int rows = words.length == 2 ? Integer.parseInt(words[0]) : 0;
            int columns = words.length == 2 ? Integer.parseInt(words[1]) : 0;
            return new Size(rows > 0 ? rows : HEIGHT, columns > 0 ? columns : WIDTH);
        } catch (NumberFormatException e) {
            return new Size(HEIGHT, WIDTH);
        }
    }

    /** How wide a line may be; as wide as it likes where it is not for a terminal. */
    static int width() {
        return IS ? size().columns() : Integer.MAX_VALUE;
    }

    /**
     * Has keys come one by one and unseen, until it is closed; null where there is no keyboard.
     *
     * @param deciseconds how long {@link #key()} waits
     */
    static @Nullable Terminal keys(int deciseconds) throws IOException {
        String saved = stty("-g");
        if (saved == null || stty("-icanon", "-echo", "min", "0", "time", Integer.toString(deciseconds)) == null) {
            return null;
        }
        return new Terminal(new FileInputStream(TTY), saved.strip());
    }

    /** The next key; -1 when none came in time. The read ends by itself, so none is under way when the process ends. */
    int key() throws IOException {
        return keys.read();
    }

    @Override
    public void close() throws IOException {
        stty(saved);
        keys.close();
    }

    private static @Nullable String stty(String... words) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(words));
        try {
            Process stty = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return stty.waitFor() == 0 ? said : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
