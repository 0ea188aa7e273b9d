package io.github.autodaemon.cli;

import static io.github.autodaemon.cli.Table.cell;

import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "ps",
        mixinStandardHelpOptions = true,
        description = "Lists the daemons of this user, of all programs, and what dead ones left behind.")
final class Ps extends Printing {
    @Option(names = "--clean", description = "Remove what daemons that are proved dead left behind.")
    private boolean clean;

    @Option(names = "--watch", description = "Show it again and again, with calls a second and latency; q quits.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "D",
            defaultValue = "1s",
            converter = Shown.Time.class,
            description = "With --watch, how often: 500ms to 25s (default: ${DEFAULT-VALUE}).")
    private Duration interval = Duration.ofSeconds(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (watch && clean) {
            throw wrong("--watch and --clean do not go together");
        }
        if (watch) {
            if (interval.toMillis() < 500 || interval.toSeconds() > 25) {
                throw wrong("--interval is 500ms to 25s, not " + Shown.time(interval));
            }
            return new Watch(interval, json()).run();
        }
        List<Daemon> daemons = Daemons.list();
        if (clean) {
            return clean(daemons);
        }
        if (json()) {
            Output.json(JsonText.of(daemons.stream().map(DaemonJson::of).toList(), false));
        } else if (daemons.isEmpty()) {
            Output.print("no daemon runs");
        } else {
            table(daemons, Map.of(), false).lines(Terminal.width()).forEach(Output::print);
        }
        return Autod.DONE;
    }

    private int clean(List<Daemon> daemons) {
        List<String> removed = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (Daemon daemon : daemons) {
            if (daemon.state() == Daemon.State.LEFTOVER) {
                List<Path> gone = daemon.clean();
                for (Path leftover : daemon.leftovers()) {
                    (gone.contains(leftover) ? removed : kept).add(leftover.toString());
                }
            }
        }
        if (json()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("removed", removed);
            map.put("kept", kept);
            Output.json(JsonText.of(map, false));
            return Autod.DONE;
        }
        removed.forEach(path -> Output.print("removed " + path));
        kept.forEach(path -> Output.print("kept " + path + ": its daemon is not proved dead"));
        if (removed.isEmpty() && kept.isEmpty()) {
            Output.print("nothing is left behind");
        }
        return Autod.DONE;
    }

    /** The table; with {@code rates}, calls a second and milliseconds a call of those that are known. */
    static Table table(List<Daemon> daemons, Map<Path, Rate> rates, boolean watched) {
        Table table = new Table().column("NAME", 0).column("STATE", 0).number("PID", 0);
        table.number("AGE", 3).number("CLIENTS", 1).number("CALLS", 2);
        if (watched) {
            table.number("CALLS/S", 0).number("LATENCY", 0);
        }
        table.number("MEMORY", 4).column("VERSION", 5).column("WHY", 7).column("SOCKET", 6);
        List<String> names = daemons.stream().map(Daemon::name).toList();
        for (Daemon daemon : daemons) {
            DaemonStatus status = daemon.status().orElse(null);
            List<Table.Cell> row = new ArrayList<>();
            row.add(cell(Names.shown(daemon.name(), names)));
            row.add(new Table.Cell(Shown.state(daemon), Shown.colour(daemon)));
            row.add(cell(daemon.pid().isPresent() ? Long.toString(daemon.pid().getAsLong()) : "-"));
            row.add(cell(daemon.since().map(Shown::since).orElse("-")));
            row.add(cell(status == null ? "-" : Integer.toString(status.clients())));
            row.add(cell(status == null ? "-" : Integer.toString(status.calls() + status.streams())));
            if (watched) {
                Rate rate = rates.get(daemon.socket());
                row.add(cell(rate == null ? "-" : rate.callsShown()));
                row.add(cell(rate == null ? "-" : rate.latencyShown()));
            }
            row.add(cell(
                    daemon.memory().isPresent() ? Shown.size(daemon.memory().getAsLong()) : "-"));
            row.add(cell(daemon.version().isEmpty() ? "-" : daemon.version()));
            row.add(cell(why(daemon, status)));
            row.add(cell(daemon.socket().toString()));
            table.row(row);
        }
        return table;
    }

    private static String why(Daemon daemon, @Nullable DaemonStatus status) {
        if (status == null) {
            return daemon.note();
        }
        String by = status.details().startedBy();
        return status.leaving()
                .map(reason -> "leaves: " + reason)
                .orElse(status.why() + (by.isEmpty() ? "" : ", by " + by));
    }

    /**
     * What happened between two looks.
     *
     * @param calls a second
     * @param micros a call, on average
     */
    record Rate(double calls, double micros) {
        String callsShown() {
            return calls >= 10 || calls == 0
                    ? Long.toString(Math.round(calls))
                    : Double.toString(Math.round(calls * 10) / 10.0);
        }

        String latencyShown() {
            return calls == 0
                    ? "-"
                    : micros < 10_000 ? Math.round(micros / 10) / 100.0 + "ms" : Math.round(micros / 1000) + "ms";
        }
    }
}
