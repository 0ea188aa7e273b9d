package io.github.autodaemon.bench;

import io.github.autodaemon.bench.Turns.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link Inside} with JMH and its allocation profiler. */
final class InsidePart {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private InsidePart() {}

    static void measure(Lab lab, Recorder recorder) throws IOException {
        try {
            for (RunResult run : new Runner(new OptionsBuilder()
                            .include(Inside.class.getName())
                            .forks(lab.rounds(18) / 6 > 1 ? 3 : 1)
                            .warmupIterations(3)
                            .warmupTime(TimeValue.milliseconds(700))
                            .measurementIterations(3)
                            .measurementTime(TimeValue.milliseconds(700))
                            .jvmArgsAppend("-XX:+UseSerialGC")
                            .addProfiler(GCProfiler.class)
                            .shouldFailOnError(true)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run()) {
                figures(run).forEach(figure -> recorder.add(Contender.OURS.words(), figure));
            }
        } catch (RunnerException e) {
            recorder.failed("JMH", e);
        }
    }

    private static List<Figure> figures(RunResult run) {
        BenchmarkParams params = run.getParams();
        String name = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
        List<Figure> figures = new ArrayList<>();
        run.getBenchmarkResults().forEach(fork -> fork.getIterationResults().forEach(iteration -> {
            figures.add(new Figure(name, "ns", iteration.getPrimaryResult().getScore()));
            Result<?> allocated = iteration.getSecondaryResults().get(ALLOCATED);
            if (allocated != null) {
                figures.add(new Figure(name + ", allocated", "B", allocated.getScore()));
            }
        }));
        return figures;
    }
}
