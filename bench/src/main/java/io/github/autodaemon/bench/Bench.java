package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures everything and prints one table: {@code Bench ROOT NODE_MODULES [commands | trips | streams]}. */
final class Bench {
    private static final int NOTHING_RUNS = 40;
    private static final int WARM_RUNS = 60;
    private static final int COLD_RUNS = 20;
    private static final int ROUNDS = 5;

    private Bench() {}

    /** Runs the measurements. */
    public static void main(String[] args) throws RunnerException, IOException {
        System.out.println(LocalDate.now(ZoneId.systemDefault()) + ", JDK "
                + System.getProperty("java.vm.version") + ", "
                + Runtime.getRuntime().availableProcessors()
                + " cores");
        List<Comparison> rows = new ArrayList<>();
        String wanted = args.length == 2 ? "all" : args[2];
        boolean all = wanted.equals("all");
        if (all || wanted.equals("commands")) {
            rows.add(Commands.nothing(Path.of(args[0]), NOTHING_RUNS));
            try (Commands commands = new Commands(Path.of(args[0]), Path.of(args[1]))) {
                rows.add(commands.warm(WARM_RUNS));
                rows.add(commands.cold(COLD_RUNS));
            }
        }
        if (all || wanted.equals("trips")) {
            rows.add(roundTrips());
        }
        if (all || wanted.equals("streams")) {
            try (Flows flows = new Flows(Path.of(args[0]), Path.of(args[1]))) {
                rows.addAll(flows.throughput(ROUNDS));
                rows.add(flows.stalled(ROUNDS));
            }
        }
        System.out.print(Comparison.table(rows));
    }

    /** In turns, as the commands are: on a machine with other work its moods would be in the ratio. */
    private static Comparison roundTrips() throws RunnerException {
        double[] ours = new double[ROUNDS];
        double[] raw = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ours[i] = median("ours");
            raw[i] = median("raw");
        }
        return new Comparison("round trip: typed call beside raw socket", "us", Samples.of(ours), Samples.of(raw));
    }

    /** Microseconds, of one fresh pair of JVMs. */
    private static double median(String benchmark) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(RoundTrips.class.getName() + "." + benchmark + "$")
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(2)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        return result.getPrimaryResult().getStatistics().getPercentile(50) / 1e3;
    }
}
