package io.github.autodaemon.bench;

import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.report.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Whole commands, from the start of the process to its end, the shell script included. */
final class CommandParts {
    private static final String DYNAMIC = "io.github.autodaemon.bench.peer.DynamicCommand";
    private static final String HELLO = "io.github.autodaemon.bench.peer.Hello";
    private static final int CROWD = 100;

    private CommandParts() {}

    private static Turns.Measure total(String row, List<String> command) {
        return () -> List.of(new Figure(row, "ms", Timed.run(command).total()));
    }

    /** Until the first output, and until the end. */
    private static Turns.Measure both(String row, List<String> command) {
        return () -> {
            Timed run = Timed.run(command);
            return List.of(new Figure(row, "ms", run.total()), new Figure(Rows.before(row), "ms", run.first()));
        };
    }

    /** The daemon runs already. And what the command consists of. */
    static void warm(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        Programs programs = lab.programs();
        String row = Rows.WARM;
        Turns turns = new Turns(recorder);
        Path counter = lab.counter();
        turns.enter(Rows.TYPED, () -> {
            lab.settle(counter);
            return both(row, programs.counter(counter, "add", "1"));
        });
        turns.enter(Rows.DYNAMIC, () -> {
            Launch launch = new Launch(programs.ourClassPath(), DYNAMIC, List.of(counter.toString(), "1"));
            return both(row, launch.archived(lab.path("archive"), Programs.COMMAND_FLAGS));
        });
        for (Contender peer : List.of(Contender.RAW, Contender.GRPC, Contender.LSP4J, Contender.RMI)) {
            turns.enter(peer == Contender.RAW ? Rows.FLOOR : peer.words(), () -> {
                Launch launch = programs.command(peer, lab.serve(peer).socket());
                return both(row, launch.archived(lab.path("archive"), Programs.commandFlags(peer)));
            });
        }
        turns.enter("npm", () -> {
            List<String> command = programs.npmCommand(lab.npm(), "add", "1");
            Timed.run(command);
            return both(row, command);
        });
        turns.enter(Rows.BARE_JVM, () -> {
            Launch hello = new Launch(programs.bareClassPath(), HELLO, List.of());
            return both(row, hello.archived(lab.path("archive"), Programs.COMMAND_FLAGS));
        });
        turns.enter(Rows.BARE_NODE, () -> both(row, List.of("node", "-e", "console.log(0)")));
        turns.enter(Rows.BARE_PROCESS, () -> total(row, List.of("/bin/true")));
        turns.enter(Rows.SHELL_SCRIPT, () -> {
            ProcessBuilder script = script(lab, counter);
            return () -> List.of(new Figure(row, "ms", Timed.run(script).total()));
        });
        turns.run(3, lab.rounds(40));
    }

    /** {@code ./counter} with a {@code java} that ends at once: what is left is the script's own time. */
    private static ProcessBuilder script(Lab lab, Path socket) throws IOException {
        Path home = lab.path("jdk");
        Path java = home.resolve("bin").resolve("java");
        Files.createDirectories(java.getParent());
        Files.createSymbolicLink(java, Path.of("/bin/true").toRealPath());
        ProcessBuilder builder = Timed.builder(lab.programs().counter(socket, "add", "1"));
        builder.environment().put("JAVA_HOME", home.toString());
        return builder;
    }

    /** Each run starts the daemon; the process of the last is gone before. */
    static void cold(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        Programs programs = lab.programs();
        String row = Rows.COLD;
        Turns turns = new Turns(recorder);
        Path counter = lab.counter();
        turns.enter("auto-daemon", () -> {
            lab.settle(counter);
            return () -> {
                Lab.endCounter(counter);
                return total(row, programs.counter(counter, "add", "1")).take();
            };
        });
        Path npm = lab.npm();
        turns.enter("npm", () -> () -> {
            lab.endNpm(npm);
            return total(row, programs.npmCommand(npm, "add", "1")).take();
        });
        turns.run(2, lab.rounds(20));
    }

    /** Page faults and instructions; of a cold command also those of the daemon, until the command ends. */
    static void counts(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        Programs programs = lab.programs();
        Path file = lab.path("perf");
        Path counter = lab.counter();
        Path npm = lab.npm();
        List<String> ours = programs.counter(counter, "add", "1");
        List<String> npms = programs.npmCommand(npm, "add", "1");
        Turns turns = new Turns(recorder);
        turns.enter("auto-daemon", () -> {
            lab.settle(counter);
            return () -> counts(ours, file, () -> Lab.endCounter(counter));
        });
        turns.enter("npm", () -> () -> counts(npms, file, () -> lab.endNpm(npm)));
        turns.enter(Rows.BARE_JVM, () -> {
            Launch hello = new Launch(programs.bareClassPath(), HELLO, List.of());
            List<String> command = hello.archived(lab.path("archive"), Programs.COMMAND_FLAGS);
            return () -> Counted.run(Rows.WARM, command, file);
        });
        turns.enter(Rows.BARE_NODE, () -> () -> Counted.run(Rows.WARM, List.of("node", "-e", "console.log(0)"), file));
        turns.run(1, lab.rounds(10));
    }

    /** Ends a daemon. */
    private interface End {
        void run() throws IOException;
    }

    private static List<Figure> counts(List<String> command, Path file, End end) throws IOException {
        end.run();
        List<Figure> figures = new ArrayList<>(Counted.run(Rows.COLD, command, file));
        figures.addAll(Counted.run(Rows.WARM, command, file));
        return figures;
    }

    /** Many commands at once, until the last of them has ended. */
    static void crowd(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        Path counter = lab.counter();
        List<String> all = new ArrayList<>(
                List.of("sh", "-c", "i=0; while [ $i -lt " + CROWD + " ]; do \"$@\" & i=$((i+1)); done; wait", "sh"));
        all.addAll(lab.programs().counter(counter, "add", "1"));
        String row = Rows.CROWD;
        Turns turns = new Turns(recorder);
        turns.enter("cold", () -> {
            lab.settle(counter);
            return () -> {
                Lab.endCounter(counter);
                return crowd(row, all, 0);
            };
        });
        turns.enter("warm", () -> () -> {
            String before =
                    Timed.run(lab.programs().counter(counter, "add", "1")).out();
            return crowd(row, all, Long.parseLong(before.strip()));
        });
        turns.run(1, lab.rounds(5));
    }

    /** Each got an answer of its own, so there was one daemon. */
    private static List<Figure> crowd(String row, List<String> all, long before) throws IOException {
        Timed run = Timed.run(all);
        List<Long> sums = new ArrayList<>(run.out().lines().map(Long::valueOf).toList());
        Collections.sort(sums);
        if (sums.size() != CROWD || sums.get(0) != before + 1 || sums.get(CROWD - 1) != before + CROWD) {
            throw new IOException("not the sums of " + CROWD + " calls after " + before + ": " + sums);
        }
        return List.of(new Figure(row, "ms", run.total()));
    }
}
