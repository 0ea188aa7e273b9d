package io.github.autodaemon.internal.fs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * A daemon's output, line by line: {@code 2026-01-31T12:00:00.000Z out text}, with {@code err} for standard error and
 * {@code ---} for the library's own lines. Lines of the JVM, such as a thread dump, have no such beginning.
 */
public final class LogLines extends OutputStream {
    static final String OUT = "out";
    static final String ERR = "err";
    private static final String OWN = "---";
    private static final int STAMP = "2026-01-31T12:00:00.000Z".length();
    private static final int MAX_LINE = 16 * 1024;

    private final OutputStream log;
    private final String mark;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LogLines(OutputStream log, String mark) {
        this.log = log;
        this.mark = mark;
    }

    /** Standard output and error of this process, from now on, go to {@code log} line by line. */
    public static void install(OutputStream log) {
        System.setOut(new PrintStream(new LogLines(log, OUT), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new LogLines(log, ERR), true, StandardCharsets.UTF_8));
    }

    /** Writes one line of the library. */
    public static void own(OutputStream log, String text) {
        try {
            log.write(own(text));
        } catch (IOException e) {
            // A full disk is no reason to stop serving, and there is no other place to report it.
            return;
        }
    }

    /** A line of the library as it is in the log. */
    public static byte[] own(String text) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (String one : text.stripTrailing().split("\n", -1)) {
            lines.writeBytes(prefixed(OWN, one.getBytes(StandardCharsets.UTF_8)));
        }
        return lines.toByteArray();
    }

    /** The mark of a line; empty for a line that was not written by this class. */
    static String markOf(String line) {
        boolean marked = line.length() > STAMP + 4
                && line.charAt(STAMP - 1) == 'Z'
                && line.charAt(STAMP) == ' '
                && line.charAt(STAMP + 4) == ' ';
        return marked ? line.substring(STAMP + 1, STAMP + 4) : "";
    }

    /** A marked line without its beginning. */
    static String textOf(String line) {
        return line.substring(STAMP + 5);
    }

    private static byte[] prefixed(String mark, byte[] text) {
        byte[] head = (stamp(System.currentTimeMillis()) + " " + mark + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(head, head.length + text.length + 1);
        System.arraycopy(text, 0, all, head.length, text.length);
        all[all.length - 1] = '\n';
        return all;
    }

    /** A date without a formatter, which takes longer to load than all other work of a daemon before its first line. */
    public static String stamp(long millis) {
        // One nanosecond more: a zero fraction would be left out.
        int nanos = (int) Math.floorMod(millis, 1000L) * 1_000_000 + 1;
        String time = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), nanos, ZoneOffset.UTC)
                .toString();
        return time.substring(0, STAMP - 1) + "Z";
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (b == '\n' || line.size() == MAX_LINE) {
            // One write, so that the lines of two threads, or of two runs, do not mix.
            log.write(prefixed(mark, line.toByteArray()));
            line.reset();
        }
        if (b != '\n') {
            line.write(b);
        }
    }
}
