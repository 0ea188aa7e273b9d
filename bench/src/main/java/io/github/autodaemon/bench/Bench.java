package io.github.autodaemon.bench;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Measures everything and prints one table: {@code Bench ROOT NODE_MODULES}. */
final class Bench {
    private static final int NOTHING_RUNS = 40;
    private static final int WARM_RUNS = 60;
    private static final int COLD_RUNS = 20;

    private Bench() {}

    /** Runs the measurements. */
    public static void main(String[] args) throws RunnerException {
        System.out.println(LocalDate.now(ZoneId.systemDefault()) + ", JDK "
                + System.getProperty("java.vm.version") + ", "
                + Runtime.getRuntime().availableProcessors()
                + " cores");
        List<Comparison> rows = new ArrayList<>();
        rows.add(Commands.nothing(Path.of(args[0]), NOTHING_RUNS));
        try (Commands commands = new Commands(Path.of(args[0]), Path.of(args[1]))) {
            rows.add(commands.warm(WARM_RUNS));
            rows.add(commands.cold(COLD_RUNS));
        }
        rows.add(roundTrips());
        System.out.print(Comparison.table(rows));
    }

    private static Comparison roundTrips() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(RoundTrips.class.getName())
                        .forks(2)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(2))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(2))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        return new Comparison(
                "round trip: typed call beside raw socket", "us", micros(results, "ours"), micros(results, "raw"));
    }

    private static Samples micros(Collection<RunResult> results, String label) {
        for (RunResult result : results) {
            if (result.getPrimaryResult().getLabel().equals(label)) {
                Statistics nanos = result.getPrimaryResult().getStatistics();
                return new Samples(nanos.getPercentile(50) / 1e3, nanos.getMin() / 1e3, nanos.getMax() / 1e3);
            }
        }
        throw new IllegalStateException("no result of \"" + label + "\"");
    }
}
