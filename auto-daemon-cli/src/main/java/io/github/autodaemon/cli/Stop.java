package io.github.autodaemon.cli;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = {
            "Stops daemons: they accept nobody any more, end what runs, and leave. Waits until their processes are"
                    + " gone.",
            "Exit code 3 when a named one is not running, 4 when one is still there in the end."
        })
final class Stop extends Printing {
    private static final long FIRST_WORD_MILLIS = 300;
    private static final long STEP_MILLIS = 50;
    private static final String START_OF_LINE = "\r\033[K";

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which daemons.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--socket", paramLabel = "PATH", description = "Which daemon, by its socket; may come again.")
    private List<Path> sockets = new ArrayList<>();

    @Option(names = "--all", description = "All that run.")
    private boolean all;

    @Option(names = "--idle", description = "All that nobody uses.")
    private boolean idle;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "15s",
            converter = Shown.Time.class,
            description = "How long to wait, such as 500ms or 2m (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(15);

    @Option(names = "--kill", description = "End the process of one that does not respond or is still there then.")
    private boolean kill;

    private final Map<Daemon, Result> results = new ConcurrentHashMap<>();

    private record Result(boolean stopped, String text) {}

    @Override
    public Integer call() throws InterruptedException {
        if ((all ? 1 : 0) + (idle ? 1 : 0) + (names.isEmpty() && sockets.isEmpty() ? 0 : 1) != 1) {
            throw wrong("say which: NAME..., --socket PATH, --all or --idle");
        }
        List<Daemon> daemons = all || idle ? listed() : named();
        List<Thread> threads = new ArrayList<>();
        for (Daemon daemon : daemons) {
            Thread thread = new Thread(() -> stop(daemon), "autod-stop");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        await(daemons, threads);
        return report(daemons);
    }

    private List<Daemon> named() {
        List<Daemon> daemons = new ArrayList<>();
        Set<Path> paths = new LinkedHashSet<>(sockets);
        for (String name : names) {
            paths.add(Which.socket(name, this::wrong));
        }
        for (Path path : paths) {
            Daemon daemon = Daemons.at(path, Which.PATIENCE);
            if (!canBeAsked(daemon) && !(daemon.state() == Daemon.State.NOT_RESPONDING && kill)) {
                throw absent(daemon);
            }
            daemons.add(daemon);
        }
        return daemons;
    }

    private static boolean canBeAsked(Daemon daemon) {
        return daemon.state() == Daemon.State.SERVING || daemon.state() == Daemon.State.RETIRING;
    }

    private List<Daemon> listed() {
        List<Daemon> daemons = new ArrayList<>();
        for (Daemon daemon : Daemons.list()) {
            boolean unused = daemon.state() == Daemon.State.SERVING
                    && daemon.status().map(DaemonStatus::references).orElse(1) == 0;
            boolean silent = daemon.state() == Daemon.State.NOT_RESPONDING;
            if (idle ? unused : canBeAsked(daemon) || silent) {
                daemons.add(daemon);
            } else if (all && daemon.isRunning()) {
                Output.error(Names.shown(daemon) + " (" + daemon.socket() + ") is left alone: " + daemon.note());
            }
        }
        return daemons;
    }

    private void stop(Daemon daemon) {
        try {
            boolean stopped = kill ? daemon.kill(timeout) : daemon.stop(timeout);
            results.put(daemon, new Result(true, stopped ? "stopped" : "was not running any more"));
        } catch (AutoDaemonException e) {
            results.put(daemon, new Result(false, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            results.put(daemon, new Result(false, "this should not happen: " + e));
        }
    }

    /** Says what it waits for: on a terminal on one line that changes, else once. */
    private void await(List<Daemon> daemons, List<Thread> threads) throws InterruptedException {
        long began = System.nanoTime();
        boolean said = false;
        for (Thread thread : threads) {
            thread.join(STEP_MILLIS);
            while (thread.isAlive()) {
                long millis = (System.nanoTime() - began) / 1_000_000;
                if (millis > FIRST_WORD_MILLIS && (!said || Terminal.showsErrors())) {
                    said = true;
                    progress(daemons, millis);
                }
                thread.join(STEP_MILLIS);
            }
        }
        if (said && Terminal.showsErrors()) {
            Output.order(System.err, START_OF_LINE);
        }
    }

    private void progress(List<Daemon> daemons, long millis) {
        List<String> waits = new ArrayList<>();
        for (Daemon daemon : daemons) {
            if (!results.containsKey(daemon)) {
                waits.add(Names.shown(daemon) + pid(daemon) + work(daemon));
            }
        }
        if (waits.isEmpty()) {
            return;
        }
        String text = "waits for " + String.join("; ", waits);
        String time = " " + Shown.time(Duration.ofMillis(millis)) + " of " + Shown.time(timeout);
        if (Terminal.showsErrors()) {
            int room = Terminal.width() - 1 - "autod: ".length() - time.length();
            Output.order(
                    System.err, START_OF_LINE + "autod: " + Table.cut(Output.clean(text), Math.max(1, room)) + time);
        } else {
            Output.error(text + ", for at most " + Shown.time(timeout));
        }
    }

    /** What it had to do when it was asked. */
    private static String work(Daemon daemon) {
        List<String> doing = new ArrayList<>();
        daemon.status().ifPresent(status -> {
            for (DaemonStatus.ConnectionStatus connection : status.details().connections()) {
                for (DaemonStatus.Activity activity : connection.doing()) {
                    doing.add(activity.method() + " of pid " + connection.pid());
                }
            }
        });
        return doing.isEmpty() ? "" : ": " + String.join(", ", doing);
    }

    private int report(List<Daemon> daemons) {
        int code = Autod.DONE;
        List<Map<String, @Nullable Object>> json = new ArrayList<>();
        for (Daemon daemon : daemons) {
            Result result = results.get(daemon);
            boolean failed = result == null || !result.stopped();
            String text = result == null ? "nobody knows" : result.text();
            code = failed ? Autod.NOT_RESPONDING : code;
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("name", daemon.name());
            map.put("socket", daemon.socket().toString());
            map.put("pid", daemon.pid().isPresent() ? daemon.pid().getAsLong() : null);
            map.put("stopped", !failed);
            map.put("note", text);
            json.add(map);
            if (failed && !json()) {
                Output.error(Names.shown(daemon) + pid(daemon) + " is still there: " + text
                        + (kill ? "" : "; --kill ends its process"));
            } else if (!json()) {
                Output.print(Names.shown(daemon) + pid(daemon) + " " + text);
            }
        }
        if (json()) {
            Output.json(JsonText.of(json, false));
        } else if (daemons.isEmpty()) {
            Output.print(idle ? "no daemon is idle" : "no daemon runs");
        }
        return code;
    }
}
