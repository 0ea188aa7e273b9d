package io.github.autodaemon.bench;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.peer.Crowd;
import io.github.autodaemon.bench.report.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What daemons take of the memory, and how that and their speed grow with the connections. */
final class MemoryParts {
    private static final int SETTLING_MILLIS = 1500;
    private static final int IDLE_MILLIS = 12_000;
    private static final int CALLS = 200;

    private MemoryParts() {}

    /** Idle daemons that have answered a few calls, each time a fresh one. */
    static void idle(Lab lab, Recorder recorder) throws InterruptedException {
        Turns turns = new Turns(recorder);
        turns.enter(Contender.OURS.words(), () -> {
            lab.settle(lab.counter());
            return () -> counter(lab);
        });
        for (Contender one : List.of(Contender.NPM, Contender.RAW, Contender.GRPC, Contender.LSP4J, Contender.RMI)) {
            turns.enter(one.words(), () -> () -> {
                Lab.Served served = lab.serve(one);
                try (Child driver = lab.start(one.words(), lab.programs().driver(one, served.socket()))) {
                    driver.ask("calls " + CALLS);
                }
                return afterAWhile(lab, served.server().pid());
            });
        }
        turns.run(0, lab.rounds(3));
    }

    /** The counter's daemon as its command has started it. */
    private static List<Figure> counter(Lab lab) throws IOException, InterruptedException {
        Path socket = lab.counter();
        for (int i = 0; i < 5; i++) {
            Timed.run(lab.programs().counter(socket, "add", "1"));
        }
        long pid = AutoDaemon.dynamic("add")
                .socket(socket)
                .build()
                .status()
                .orElseThrow(() -> new IOException("the counter's daemon has gone"))
                .pid();
        return afterAWhile(lab, pid);
    }

    private static List<Figure> afterAWhile(Lab lab, long pid) throws IOException, InterruptedException {
        Thread.sleep(IDLE_MILLIS);
        List<Figure> figures = List.of(
                new Figure(Rows.IDLE, "MiB", Memory.of(pid, Memory.PROPORTIONAL) / 1024),
                new Figure(Rows.ALONE, "MiB", Memory.alone(pid) / 1024));
        lab.endAll();
        return figures;
    }

    /** More and more connections, on a fresh daemon of each kind in each round. */
    static void connections(Lab lab, Recorder recorder) throws InterruptedException {
        for (int round = 0; round < Math.max(1, lab.rounds(18) / 6); round++) {
            Turns turns = new Turns(recorder);
            List<Contender> both = new ArrayList<>(List.of(Contender.OURS, Contender.NPM));
            if (ThreadLocalRandom.current().nextBoolean()) {
                both.add(both.remove(0));
            }
            for (Contender one : both) {
                turns.enter(one.words(), () -> {
                    Lab.Served served = lab.serve(one);
                    List<String> crowd = Programs.java(
                            List.of("-XX:+UseSerialGC"),
                            lab.programs().bareClassPath(),
                            Crowd.class.getName(),
                            List.of(served.socket().toString(), one == Contender.NPM ? "npm" : "hello"));
                    return new Growth(served.server().pid(), lab.start(one.words() + ", crowd", crowd));
                });
            }
            turns.run(0, Rows.CONNECTIONS.size());
            lab.endAll();
        }
    }

    /** Takes one step each time it is asked. */
    private static final class Growth implements Turns.Measure {
        private final long pid;
        private final Child crowd;
        private final double before;
        private int step;

        Growth(long pid, Child crowd) throws IOException, InterruptedException {
            this.pid = pid;
            this.crowd = crowd;
            // What a daemon loads once for its first clients is none of theirs.
            crowd.ask("grow 100");
            crowd.ask("calls 500");
            crowd.ask("shrink 0");
            Thread.sleep(SETTLING_MILLIS);
            this.before = Memory.of(pid, Memory.PROPORTIONAL);
        }

        @Override
        public List<Figure> take() throws IOException, InterruptedException {
            int count = Rows.CONNECTIONS.get(step++);
            crowd.ask("grow " + count);
            Thread.sleep(SETTLING_MILLIS);
            double pss = Memory.of(pid, Memory.PROPORTIONAL);
            double[] calls = crowd.ask("calls 1000");
            double[] one = crowd.ask("one 2000");
            return List.of(
                    new Figure(Rows.perConnection(count), "KiB", (pss - before) / count),
                    new Figure(Rows.holding(count), "MiB", pss / 1024),
                    new Figure(Rows.calling(count), "calls/s", calls[0]),
                    new Figure(Rows.one(count), "us", one[0]));
        }
    }
}
