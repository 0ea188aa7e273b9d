package io.github.autodaemon.cli;

import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code autod ps --watch}. */
final class Watch {
    private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
    private static final String FIRST_SCREEN = "\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String REST_OF_LINE = "\033[K";
    private static final String REST_OF_SCREEN = "\033[J";

    private final Duration interval;
    private final boolean json;
    private final Map<Path, Sample> samples = new HashMap<>();

    Watch(Duration interval, boolean json) {
        this.interval = interval;
        this.json = json;
    }

    /** What a daemon had done at a moment. */
    private record Sample(long pid, long nanos, long answered, long micros) {}

    int run() throws IOException, InterruptedException {
        if (json || !Terminal.isThere()) {
            while (!System.out.checkError()) {
                Map<Path, Ps.Rate> rates = new HashMap<>();
                List<Daemon> daemons = look(rates);
                if (json) {
                    Output.json(line(daemons, rates));
                } else {
                    text(daemons, rates).forEach(Output::print);
                    Output.print("");
                }
                Thread.sleep(interval.toMillis());
            }
            return Autod.DONE;
        }
        Terminal keys = Terminal.keys((int) (interval.toMillis() / 100));
        Thread restore = new Thread(() -> restore(keys), "autod-restore");
        Runtime.getRuntime().addShutdownHook(restore);
        Output.order(System.out, OTHER_SCREEN);
        // Put right by the shutdown hook, whichever way this ends.
        while (!System.out.checkError()) {
            draw();
            int key = keys == null ? -1 : keys.key();
            if (keys == null) {
                Thread.sleep(interval.toMillis());
            }
            if (key == 'q' || key == 'Q' || key == 3 || key == 4) {
                break;
            }
        }
        return Autod.DONE;
    }

    private static void restore(@Nullable Terminal keys) {
        Output.order(System.out, FIRST_SCREEN);
        try {
            if (keys != null) {
                keys.close();
            }
        } catch (IOException e) {
            Output.error("the terminal could not be set right: " + e.getMessage());
        }
    }

    private void draw() {
        Map<Path, Ps.Rate> rates = new HashMap<>();
        List<Daemon> daemons = look(rates);
        Terminal.Size size = Terminal.size();
        List<List<Table.Cell>> lines = new ArrayList<>();
        long serving = daemons.stream().filter(Daemon::isRunning).count();
        lines.add(List.of(Table.cell(Table.cut(
                serving + (serving == 1 ? " daemon" : " daemons") + " at " + Shown.when(java.time.Instant.now())
                        + ", every " + Shown.time(interval) + "; q quits",
                size.columns()))));
        lines.add(List.of());
        lines.addAll(Ps.table(daemons, rates, true).lines(size.columns()));
        StringBuilder screen = new StringBuilder(HOME);
        int most = Math.min(lines.size(), size.rows());
        for (int i = 0; i < most; i++) {
            boolean cut = i == most - 1 && most < lines.size();
            screen.append(cut ? "... and " + (lines.size() - most + 1) + " more" : Output.render(lines.get(i)))
                    .append(REST_OF_LINE);
            // A line feed behind the last one would scroll.
            screen.append(i < most - 1 ? "\n" : "");
        }
        Output.order(System.out, screen.append(REST_OF_SCREEN).toString());
    }

    private static List<List<Table.Cell>> text(List<Daemon> daemons, Map<Path, Ps.Rate> rates) {
        return daemons.isEmpty()
                ? List.of(List.of(Table.cell("no daemon runs")))
                : Ps.table(daemons, rates, true).lines(Integer.MAX_VALUE);
    }

    private static String line(List<Daemon> daemons, Map<Path, Ps.Rate> rates) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Daemon daemon : daemons) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>(DaemonJson.of(daemon));
            Ps.Rate rate = rates.get(daemon.socket());
            map.put("callsPerSecond", rate == null ? null : rate.calls());
            map.put("latencyMicros", rate == null || rate.calls() == 0 ? null : rate.micros());
            all.add(map);
        }
        return JsonText.of(all, true);
    }

    private List<Daemon> look(Map<Path, Ps.Rate> rates) {
        List<Daemon> daemons = Daemons.list();
        for (Daemon daemon : daemons) {
            DaemonStatus status = daemon.status().orElse(null);
            if (status != null) {
                Sample now = new Sample(
                        status.pid(),
                        System.nanoTime(),
                        status.details().answered(),
                        status.details().answerTime().toNanos() / 1000);
                Sample last = samples.put(daemon.socket(), now);
                if (last != null && last.pid == now.pid && now.answered >= last.answered) {
                    long calls = now.answered - last.answered;
                    rates.put(
                            daemon.socket(),
                            new Ps.Rate(
                                    calls * 1e9 / Math.max(1, now.nanos - last.nanos),
                                    calls == 0 ? 0 : (now.micros - last.micros) / (double) calls));
                }
            }
        }
        samples.keySet().removeIf(socket -> daemons.stream().noneMatch(one -> Objects.equals(one.socket(), socket)));
        return daemons;
    }
}
