package io.github.autodaemon.cli;

import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.DaemonEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows one daemon in full; exit code 3 when it is not running.")
final class StatusCommand extends OneDaemon {
    private static final int SHOWN = 8;

    @Override
    public Integer call() {
        Daemon daemon = daemon();
        if (json()) {
            Map<String, @Nullable Object> map = DaemonJson.of(daemon);
            map.put("fingerprint", daemon.fingerprint());
            DaemonEvent last = previous(daemon);
            map.put("previous", last == null ? null : DaemonJson.event(last));
            Output.json(JsonText.of(map, false));
        }
        if (daemon.status().isEmpty() && daemon.state() != Daemon.State.RETIRING) {
            DaemonEvent last = json() ? null : previous(daemon);
            if (last != null) {
                Output.error("the last one, " + end(last));
            }
            throw absent(daemon);
        }
        if (!json()) {
            show(daemon);
        }
        return Autod.DONE;
    }

    private void show(Daemon daemon) {
        Output.print(List.of(
                Table.cell(Names.shown(daemon)),
                Table.cell(": "),
                new Table.Cell(Shown.state(daemon), Shown.colour(daemon))));
        line("socket", daemon.socket().toString());
        line(
                "pid",
                (daemon.pid().isPresent() ? daemon.pid().getAsLong() : "?")
                        + daemon.since()
                                .map(at -> ", since " + Shown.when(at) + " (" + Shown.since(at) + ")")
                                .orElse(""));
        line("service", daemon.service());
        line("version", daemon.version());
        DaemonStatus status = daemon.status().orElse(null);
        if (status == null) {
            line("note", daemon.note());
        } else {
            show(daemon, status);
        }
        line("log", daemon.log().toString());
        DaemonEvent last = previous(daemon);
        if (last != null) {
            line("previous", end(last));
        }
    }

    private void show(Daemon daemon, DaemonStatus status) {
        DaemonStatus.Details details = status.details();
        if (!status.args().isEmpty()) {
            line("arguments", String.join(" ", status.args()));
        }
        line("started", status.why() + (details.startedBy().isEmpty() ? "" : ", by " + details.startedBy()));
        status.leaving().ifPresent(reason -> line("leaves", reason));
        line(
                "memory",
                (daemon.memory().isPresent() ? Shown.size(daemon.memory().getAsLong()) : "?") + ", heap "
                        + Shown.size(details.heap()) + " of " + Shown.size(details.maxHeap()));
        line("jvm", details.jvm() + ", " + details.javaHome());
        daemon.fingerprint().forEach((field, values) -> {
            if (!List.of("service", "args", "version", "jvm").contains(field) && !values.isEmpty()) {
                values.subList(0, Math.min(SHOWN, values.size())).forEach(value -> line(field, value));
                if (values.size() > SHOWN) {
                    line(field, "... and " + (values.size() - SHOWN) + " more (--json shows all)");
                }
            }
        });
        long answered = details.answered();
        line(
                "answered",
                Shown.count(answered, "call")
                        + (answered == 0
                                ? ""
                                : ", " + Math.round(details.answerTime().toNanos() / 1e4 / answered) / 100.0
                                        + "ms on average"));
        line(
                "busy",
                Shown.count(status.calls(), "call") + " run, " + status.waiting() + " wait, "
                        + Shown.count(status.streams(), "stream"));
        line("references", status.references() + ", " + status.clients() + " of them connections");
        for (DaemonStatus.ConnectionStatus connection : details.connections()) {
            line("connection", describe(connection));
        }
        if (status.references() == 0 && status.state() == DaemonStatus.State.SERVING) {
            line(
                    "idle",
                    "for " + Shown.time(status.idle())
                            + details.leavesIn()
                                    .map(left -> ", leaves in " + Shown.time(left))
                                    .orElse(", and stays"));
        }
    }

    private static String describe(DaemonStatus.ConnectionStatus connection) {
        List<String> doing = new ArrayList<>();
        for (DaemonStatus.Activity activity : connection.doing()) {
            doing.add(activity.method() + " (" + activity.state() + ", " + Shown.time(activity.age()) + ")");
        }
        return (connection.pid() == 0 ? "npm" : "pid " + connection.pid()) + ", for " + Shown.time(connection.age())
                + ": " + (doing.isEmpty() ? "nothing" : String.join(", ", doing));
    }

    private static String end(DaemonEvent last) {
        return "pid " + last.pid() + (Why.isFound(last) ? " was gone by " : " left at ") + Shown.when(last.at()) + ": "
                + last.why();
    }

    private static void line(String field, String value) {
        Output.print("  " + field + " ".repeat(Math.max(1, 12 - field.length())) + value);
    }

    /** The end of the one before: the last end in the history of somebody else than who runs. */
    static @Nullable DaemonEvent previous(Daemon daemon) {
        DaemonEvent last = null;
        for (DaemonEvent event : Why.events(daemon)) {
            if (!event.started() && (daemon.pid().isEmpty() || daemon.pid().getAsLong() != event.pid())) {
                last = event;
            }
        }
        return last;
    }
}
