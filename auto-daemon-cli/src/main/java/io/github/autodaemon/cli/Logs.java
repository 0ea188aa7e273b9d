package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows the log of a daemon's last run, which may go on.")
final class Logs extends OneDaemon {
    private static final int CHUNK = 1 << 16;
    private static final int MAX_TAIL = 64 << 20;
    private static final long POLL_MILLIS = 100;
    private static final int STAMP = "2026-01-31T12:00:00.000Z".length();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, also by the next run.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lines, from the end (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--previous", description = "The log of the run before.")
    private boolean previous;

    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count < 0) {
            throw wrong("-n is not less than 0");
        }
        if (follow && previous) {
            throw wrong("-f and --previous do not go together: nothing is added to the log of the run before");
        }
        Daemon daemon = daemon();
        Path log = previous ? daemon.previousLog() : daemon.log();
        if (!Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
            throw new Stopped(
                    Autod.NOT_RUNNING,
                    "there is no log " + log
                            + (previous ? ": only one run of " + Names.shown(daemon) + " has written one" : ""));
        }
        FileChannel channel = open(log);
        try {
            Object key = key(log);
            for (String line : tail(channel)) {
                show(line);
            }
            while (follow && !System.out.checkError()) {
                Thread.sleep(POLL_MILLIS);
                copy(channel);
                Object now = key(log);
                if (now != null && !now.equals(key)) {
                    // What the old run wrote between the last look and its end.
                    copy(channel);
                    channel.close();
                    channel = open(log);
                    key = now;
                    Output.error("the daemon was started anew; this is its log");
                } else if (now != null && channel.size() < channel.position()) {
                    Output.error("the log was cut; its earlier part is in " + log + ".older");
                    channel.position(0);
                }
            }
        } finally {
            channel.close();
        }
        return Autod.DONE;
    }

    private static FileChannel open(Path log) throws IOException {
        return FileChannel.open(log, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** Which file the path names; null for none, as between two runs. */
    private static @Nullable Object key(Path log) {
        try {
            return Files.getAttribute(log, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }

    private List<String> tail(FileChannel channel) throws IOException {
        long size = channel.size();
        long from = Math.max(0, size - MAX_TAIL);
        ByteBuffer bytes = ByteBuffer.allocate((int) (size - from));
        channel.position(from);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // Until there is no more.
        }
        bytes.flip();
        int end = bytes.limit();
        int start = end;
        // Half a line is shown when the other half has come.
        if (follow) {
            while (start > 0 && bytes.get(start - 1) != '\n') {
                start--;
            }
            rest.write(bytes.array(), start, end - start);
            end = start;
        }
        List<String> lines =
                new ArrayList<>(List.of(new String(bytes.array(), 0, end, StandardCharsets.UTF_8).split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private void copy(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
        while (channel.read(bytes) > 0) {
            bytes.flip();
            while (bytes.hasRemaining()) {
                byte b = bytes.get();
                if (b == '\n') {
                    show(rest.toString(StandardCharsets.UTF_8));
                    rest.reset();
                } else {
                    rest.write(b);
                }
            }
            bytes.clear();
        }
        System.out.flush();
    }

    private void show(String text) {
        // A return within a line is the daemon's, and makes no line.
        String line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        boolean marked = line.length() > STAMP + 4
                && line.charAt(STAMP - 1) == 'Z'
                && line.charAt(STAMP) == ' '
                && line.charAt(STAMP + 4) == ' ';
        String mark = marked ? line.substring(STAMP + 1, STAMP + 4) : "";
        if (json()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("at", marked ? line.substring(0, STAMP) : null);
            map.put(
                    "from",
                    switch (mark) {
                        case "out" -> "output";
                        case "err" -> "error";
                        case "---" -> "library";
                        default -> "jvm";
                    });
            map.put("text", marked ? line.substring(STAMP + 5) : line);
            Output.json(JsonText.of(map, true));
            return;
        }
        Shown.Colour colour = Objects.equals(mark, "err")
                ? Shown.Colour.RED
                : Objects.equals(mark, "---") ? Shown.Colour.DIM : Shown.Colour.NONE;
        Output.print(List.of(new Table.Cell(line, colour)));
    }
}
