package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.DaemonEvent;
import java.time.Instant;
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
            String what = event.started() ? "started" : isFound(event) ? "gone" : "left";
            StringBuilder line = new StringBuilder();
            line.append(Shown.when(event.at()))
                    .append("  ")
                    .append(what)
                    .append(" ".repeat("started".length() - what.length()))
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

    /** Whether nobody knows when it happened; it was found out at that time. */
    static boolean isFound(DaemonEvent event) {
        return event.why().equals(DIED);
    }

    /** The history; who has started and not left, and does not run, has died some time before the next start, or before now. */
    static List<DaemonEvent> events(Daemon daemon) {
        List<DaemonEvent> events = new ArrayList<>();
        DaemonEvent open = null;
        for (DaemonEvent event : daemon.history()) {
            if (event.started()) {
                // Its address lock was free.
                if (open != null) {
                    events.add(died(open, event.at()));
                }
                open = event;
            } else if (open != null && event.pid() == open.pid()) {
                open = null;
            }
            events.add(event);
        }
        boolean runs = open != null
                && daemon.isRunning()
                && daemon.pid().isPresent()
                && daemon.pid().getAsLong() == open.pid();
        if (open != null && !runs) {
            events.add(died(open, Instant.now()));
        }
        return events;
    }

    private static DaemonEvent died(DaemonEvent started, Instant found) {
        return new DaemonEvent(found, false, started.pid(), DIED, "", "");
    }
}
