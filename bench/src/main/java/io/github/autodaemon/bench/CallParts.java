package io.github.autodaemon.bench;

import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.peer.Driver;
import io.github.autodaemon.bench.report.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Calls and streams between two processes that run already. */
final class CallParts {
    private static final int CALLS = 5000;
    private static final int PIPELINED = 20_000;
    private static final int OUTSTANDING = 64;
    private static final long STREAM = 256L << 20;
    private static final int FRESH = 3;
    /** For streams: until then the compilers of all are at work, more of them for a protocol than for a loop. */
    private static final int WARM_UP = 12;

    /** Until then the compilers of all are at work: four hundred thousand calls. */
    private static final int WARM_UP_OF_CALLS = 16;

    private static final double NANOS = 1e9;

    private static final List<Contender> ALL =
            List.of(Contender.OURS, Contender.RAW, Contender.NPM, Contender.GRPC, Contender.LSP4J, Contender.RMI);

    private static final List<Contender> CALLED =
            Stream.concat(ALL.stream(), Stream.of(Contender.LISTENING)).toList();

    private CallParts() {}

    /** How often processes are started afresh: what the compiler makes of them differs from one to the next. */
    private static int fresh(Lab lab) {
        return lab.rounds(FRESH * 6) / 6 > 1 ? FRESH : 1;
    }

    /** Takes all that it asks for from the same processes. */
    private interface Questions {
        List<Figure> ask(Child driver) throws IOException;
    }

    private static void pairs(
            Lab lab, Recorder recorder, List<Contender> all, Pin pin, int warmUp, int rounds, Questions questions)
            throws InterruptedException {
        for (int i = 0; i < fresh(lab); i++) {
            Turns turns = new Turns(recorder);
            for (Contender one : all) {
                turns.enter(one.words(), () -> {
                    Child driver = lab.pair(one, pin);
                    return () -> questions.ask(driver);
                });
            }
            turns.run(warmUp, rounds);
            lab.endAll();
        }
    }

    /** One after the other, and with many outstanding. */
    static void calls(Lab lab, Recorder recorder) throws InterruptedException {
        for (Pin pin : Pin.values()) {
            pairs(lab, recorder, CALLED, pin, lab.rounds(WARM_UP_OF_CALLS), lab.rounds(5), driver -> {
                List<Figure> figures = new ArrayList<>();
                double[] nanos = driver.ask("calls " + CALLS);
                for (int i = 0; i < nanos.length; i++) {
                    figures.add(new Figure(Rows.quantile(pin.words(), Driver.QUANTILES.get(i)), "us", nanos[i] / 1e3));
                }
                double[] taken = driver.ask("pipelined " + PIPELINED + " " + OUTSTANDING);
                figures.add(new Figure(
                        Rows.pipelined(pin.words()),
                        "calls/s",
                        PIPELINED / OUTSTANDING * OUTSTANDING / (taken[0] / NANOS)));
                return figures;
            });
        }
    }

    /** Blocking calls of many threads on one connection; npm's client has callbacks in their place. */
    static void threads(Lab lab, Recorder recorder) throws InterruptedException {
        List<Contender> all = List.of(Contender.OURS, Contender.NPM, Contender.GRPC, Contender.LSP4J, Contender.RMI);
        pairs(lab, recorder, all, Pin.EACH, lab.rounds(WARM_UP), lab.rounds(5), driver -> {
            List<Figure> figures = new ArrayList<>();
            for (int threads : Rows.THREADS) {
                double[] taken = driver.ask("threads " + PIPELINED + " " + threads);
                figures.add(new Figure(
                        Rows.threads(threads), "calls/s", PIPELINED / threads * threads / (taken[0] / NANOS)));
            }
            return figures;
        });
    }

    /** One call after the other, with a record. */
    static void items(Lab lab, Recorder recorder) throws InterruptedException {
        List<Contender> all = List.of(Contender.OURS, Contender.NPM, Contender.GRPC, Contender.LSP4J, Contender.RMI);
        pairs(lab, recorder, all, Pin.ONE, lab.rounds(WARM_UP_OF_CALLS), lab.rounds(5), driver -> {
            double[] taken = driver.ask("items " + CALLS);
            return List.of(new Figure(Rows.ITEMS, "calls/s", CALLS / (taken[0] / NANOS)));
        });
    }

    /** Bytes from a server to its client. */
    static void streams(Lab lab, Recorder recorder) throws InterruptedException {
        List<Contender> all = List.of(
                Contender.OURS, Contender.SHARED, Contender.RAW, Contender.RAW_HEAP, Contender.NPM, Contender.GRPC);
        pairs(lab, recorder, all, Pin.EACH, lab.rounds(WARM_UP), lab.rounds(12), driver -> {
            double[] taken = driver.ask("bytes " + STREAM);
            return List.of(new Figure(Rows.STREAM, "MB/s", STREAM / 1e6 / (taken[0] / NANOS)));
        });
        pairs(lab, recorder, List.of(Contender.OURS), Pin.EACH, lab.rounds(WARM_UP), lab.rounds(6), driver -> {
            return List.of(stalled(driver, "calls", Rows.FREE), stalled(driver, "stalled", Rows.STALLED));
        });
    }

    private static Figure stalled(Child driver, String question, String row) throws IOException {
        double[] nanos = driver.ask(question + " " + CALLS);
        return new Figure(row, "us", nanos[nanos.length - 3] / 1e3);
    }

    /** Texts of many sizes, there and back. */
    static void sizes(Lab lab, Recorder recorder) throws InterruptedException {
        Turns turns = new Turns(recorder);
        for (Contender one : ALL) {
            turns.enter(one.words(), () -> {
                Child driver = lab.pair(one, Pin.EACH);
                return () -> sizes(driver);
            });
        }
        turns.run(2, lab.rounds(6));
    }

    private static List<Figure> sizes(Child driver) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (int size : Rows.SIZES) {
            int calls = Math.max(2, Math.min(2000, (24 << 20) / size));
            double[] taken = driver.ask("text " + size + " " + calls);
            figures.add(new Figure(Rows.size(size), "calls/s", calls / (taken[0] / NANOS)));
        }
        return figures;
    }
}
