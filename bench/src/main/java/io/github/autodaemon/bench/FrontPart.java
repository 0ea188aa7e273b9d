package io.github.autodaemon.bench;

import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.peer.Teller;
import io.github.autodaemon.bench.report.FrontSteps;
import io.github.autodaemon.bench.report.Rows;
import io.github.autodaemon.internal.startup.StartScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The native front. Its commands are so short that a C program starts and times them, {@code timer.c}. */
final class FrontPart {
    private static final String FRONT = "AUTODAEMON_FRONT";
    private static final int WARM_UP = 2000;
    private static final int SOME = 4096;
    private static final long MUCH = 1L << 30;

    private final Lab lab;
    private final Programs programs;
    private final Path script;
    private final Path program;
    private final Path socket;

    private FrontPart(Lab lab) throws IOException, InterruptedException {
        this.lab = lab;
        this.programs = lab.programs();
        if (!Files.exists(programs.tool("timer"))) {
            throw new IOException("there is no C compiler, cc");
        }
        this.script = programs.tool("teller.sh");
        this.program = programs.tool("teller");
        this.socket = lab.counter();
        List<String> args = new ArrayList<>(List.of("--main", Teller.class.getName(), "--daemon-option", "--socket="));
        args.addAll(List.of("--out", script.toString(), "--native", program.toString()));
        args.addAll(List.of(programs.ourClassPath().split(":", -1)));
        Timed.run(Programs.java(List.of(), programs.ourClassPath(), StartScript.class.getName(), args));
        lab.settle(socket, teller(script, "get"), Programs.archives(script));
        for (List<String> command : List.of(call(), teller(program, "none"), teller(program, "cat"))) {
            warmUp(timer("warm-up", command));
        }
    }

    static void measure(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        FrontPart part = new FrontPart(lab);
        part.withoutRuntime(recorder);
        part.withRuntime(recorder);
        part.pipes(recorder);
    }

    private List<String> teller(Path command, String word) {
        return List.of(command.toString(), "--socket=" + socket, word);
    }

    private List<String> call() {
        return List.of(programs.tool("call").toString(), socket.toString());
    }

    private void warmUp(Child timer) throws IOException {
        for (int i = 0; i < lab.rounds(WARM_UP); i++) {
            timer.ask("run " + SOME);
        }
    }

    private Child timer(String who, List<String> command) throws IOException {
        return lab.start(
                who,
                Stream.concat(Stream.of(programs.tool("timer").toString(), FRONT + "="), command.stream())
                        .toList());
    }

    private void enter(Turns turns, String row, String who, List<String> command) throws InterruptedException {
        turns.enter(who, () -> {
            Child timer = timer(who, command);
            boolean isShort = row.equals(Rows.SHORT);
            return () -> List.of(
                    new Figure(row, isShort ? "us" : "ms", timer.ask("run " + SOME)[0] / (isShort ? 1e3 : 1e6)));
        });
    }

    private void withoutRuntime(Recorder recorder) throws IOException, InterruptedException {
        Turns turns = new Turns(recorder);
        enter(turns, Rows.SHORT, Rows.BARE_PROCESS, List.of("/bin/true"));
        enter(
                turns,
                Rows.SHORT,
                Rows.STATIC_PROCESS,
                List.of(programs.tool("nothing").toString()));
        enter(turns, Rows.SHORT, Rows.CALL, call());
        enter(turns, Rows.SHORT, Rows.NATIVE, teller(program, "none"));
        enter(turns, Rows.SHORT, Rows.NATIVE_STREAMS, teller(program, "cat"));
        enter(turns, Rows.SHORT, Rows.SCRIPT_STREAMS, teller(script, "cat"));
        turns.enter(Rows.NATIVE, this::steps);
        nailgun(turns);
        turns.run(20, lab.rounds(300));
    }

    /** The same command in a front that notes the moments between its steps. */
    private Turns.Measure steps() throws IOException {
        Path stamp = Programs.archives(script)
                .resolve("front,--socket=" + socket.toString().replace('/', '%') + ".stamp");
        List<String> command = new ArrayList<>(List.of(programs.tool("trace").toString(), stamp.toString()));
        command.addAll(teller(script, "none"));
        Child timer = timer("trace", command);
        return () -> {
            double[] moments = timer.ask("run " + SOME);
            if (moments.length != 1 + FrontSteps.STEPS.size()) {
                throw new IOException("the front has run its start script");
            }
            List<Figure> figures = new ArrayList<>();
            for (int i = 0; i < FrontSteps.STEPS.size(); i++) {
                // In front of them stand the time of the whole process, and the length of its output.
                double from = i == 0 ? 0 : moments[i + 1];
                double to = i + 2 < moments.length ? moments[i + 2] : moments[0];
                figures.add(new Figure(FrontSteps.STEPS.get(i), "us", (to - from) / 1e3));
            }
            return figures;
        };
    }

    private void nailgun(Turns turns) throws IOException, InterruptedException {
        Optional<Nailgun> nailgun = Nailgun.start(lab, "", List.of());
        if (nailgun.isPresent()) {
            List<String> command = nailgun.get().command("ng-version");
            warmUp(timer("nailgun", command));
            enter(turns, Rows.SHORT, Rows.NAILGUN, command);
        }
    }

    private void withRuntime(Recorder recorder) throws InterruptedException {
        Turns turns = new Turns(recorder);
        enter(turns, Rows.ANY, Rows.NATIVE, teller(program, "get"));
        enter(turns, Rows.ANY, Rows.NATIVE_STREAMS, teller(program, "cat"));
        List<String> jvm = new ArrayList<>(List.of(FRONT + "=off"));
        jvm.addAll(teller(script, "cat"));
        enter(turns, Rows.ANY, Rows.JVM_STREAMS, jvm);
        enter(turns, Rows.ANY, "npm", programs.npmCommand(lab.npm(), "add", "1"));
        turns.run(3, lab.rounds(60));
    }

    private void pipes(Recorder recorder) throws InterruptedException {
        Turns turns = new Turns(recorder);
        pipe(turns, Rows.OUT, Rows.NATIVE, teller(program, "write"));
        pipe(turns, Rows.OUT, Rows.PLAIN_PROCESS, List.of("head", "-c", Long.toString(MUCH), "/dev/zero"));
        pipe(turns, Rows.IN, Rows.NATIVE, teller(program, "read"));
        pipe(turns, Rows.IN, Rows.PLAIN_PROCESS, List.of("wc", "-c"));
        turns.run(3, lab.rounds(18));
    }

    private void pipe(Turns turns, String row, String who, List<String> command) throws InterruptedException {
        turns.enter(who, () -> {
            Child timer = timer(who, command);
            return () -> {
                double nanos = timer.ask("run " + (row.equals(Rows.IN) ? MUCH : 0))[0];
                return List.of(new Figure(row, "GB/s", MUCH / nanos));
            };
        });
    }
}
