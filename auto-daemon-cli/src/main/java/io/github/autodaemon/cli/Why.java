package io.github.autodaemon.cli;

import io.github.autodaemon.Daemon;
import io.github.autodaemon.DaemonEvent;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Shows each start and end of a daemon: why, by whom, and what made a client replace it.")
final class Why extends OneDaemon {
    private static final String DIED = "it left no word: it was killed, or the machine stopped";

    @Override
    public Integer call() {
        Daemon daemon = daemon();
        List<DaemonEvent> events = events(daemon);
        if (json()) {
            Output.json(JsonText.of(events.stream().map(DaemonJson::event).toList(), false));
            return Autod.DONE;
        }
        if (events.isEmpty()) {
            throw new Stopped(Autod.NOT_RUNNING, "no daemon has served " + daemon.socket() + " as far as is known");
        }
        for (DaemonEvent event : events) {
            String what = event.started() ? "started" : "left   ";
            StringBuilder line = new StringBuilder();
            line.append(Shown.when(event.at()))
                    .append("  ")
                    .append(what)
                    .append("  pid ")
                    .append(event.pid());
            line.append("  ").append(event.why());
            if (!event.by().isEmpty()) {
                line.append(", by ").append(event.by());
            }
            if (!event.version().isEmpty()) {
                line.append(", version ").append(event.version());
            }
            Output.print(line.toString());
        }
        return Autod.DONE;
    }

    /** The history; who has started and not left, and does not run, has died some time before the next. */
    static List<DaemonEvent> events(Daemon daemon) {
        List<DaemonEvent> events = new ArrayList<>();
        List<DaemonEvent> history = daemon.history();
        for (int i = 0; i < history.size(); i++) {
            DaemonEvent event = history.get(i);
            events.add(event);
            boolean leaves = !event.started();
            for (int j = i + 1; j < history.size(); j++) {
                leaves |= !history.get(j).started() && history.get(j).pid() == event.pid();
            }
            boolean runs = daemon.isRunning()
                    && daemon.pid().isPresent()
                    && daemon.pid().getAsLong() == event.pid();
            if (!leaves && !runs) {
                events.add(new DaemonEvent(event.at(), false, event.pid(), DIED, "", ""));
            }
        }
        return events;
    }
}
