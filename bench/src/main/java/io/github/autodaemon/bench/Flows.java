package io.github.autodaemon.bench;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Streams, from the daemon to its client, beside a bare socket and beside npm's, all in turns. */
final class Flows implements AutoCloseable {
    private static final long COUNT = 512L << 20;
    private static final int WARM_UP = 2;
    private static final int CALLS = 5000;

    private final Path home = Commands.directory();
    private final Connection<Flow> own = connect("o");
    private final Connection<Flow> shared = connect("s");
    private final List<String> npm;

    Flows(Path root, Path modules) {
        shared.rpc().retire();
        npm = List.of(
                "node",
                root.resolve("bench/npm/flow.js").toString(),
                modules.toString(),
                home.resolve("n").toString());
    }

    private Connection<Flow> connect(String name) {
        return AutoDaemon.of(Flow.class, Flow.FlowService.class)
                .socket(home.resolve(name))
                .build()
                .connect();
    }

    private interface Transfer {
        long run() throws IOException;
    }

    /** Megabytes a second. */
    private static double speed(Transfer transfer) throws IOException {
        long began = System.nanoTime();
        long count = transfer.run();
        if (count != COUNT) {
            throw new IOException(count + " bytes came");
        }
        return count / 1e6 / ((System.nanoTime() - began) / 1e9);
    }

    private static long read(Flow flow) throws IOException {
        try (Duplex stream = flow.bytes(COUNT)) {
            byte[] block = new byte[RawFlow.BLOCK];
            InputStream in = stream.input();
            long all = 0;
            for (int size = in.read(block); size >= 0; size = in.read(block)) {
                all += size;
            }
            return all;
        }
    }

    /** Node's own clock, without the start of its process. */
    private double npmSpeed() throws IOException {
        Process process = new ProcessBuilder(Commands.with(npm, "read", Long.toString(COUNT)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (process.onExit().join().exitValue() != 0 || line == null) {
            throw new IOException("npm's client failed");
        }
        return COUNT / 1e6 / (Double.parseDouble(line) / 1e3);
    }

    List<Comparison> throughput(int rounds) throws IOException {
        double[][] all = new double[5][rounds];
        try (RawFlow raw = new RawFlow()) {
            for (int i = -WARM_UP; i < rounds; i++) {
                double[] one = {
                    speed(() -> read(own.rpc())),
                    speed(() -> read(shared.rpc())),
                    speed(() -> raw.read(COUNT, false)),
                    speed(() -> raw.read(COUNT, true)),
                    npmSpeed()
                };
                for (int k = 0; k < one.length && i >= 0; k++) {
                    all[k][i] = one[k];
                }
            }
        }
        Samples[] of = Arrays.stream(all).map(Samples::of).toArray(Samples[]::new);
        return List.of(
                new Comparison("stream: own connection beside raw, heap", "MB/s", of[0], of[2]),
                new Comparison("stream: own connection beside raw, direct", "MB/s", of[0], of[3]),
                new Comparison("stream: own connection beside npm's", "MB/s", of[0], of[4]),
                new Comparison("stream: shared connection beside raw, heap", "MB/s", of[1], of[2]),
                new Comparison("stream: shared connection beside npm's", "MB/s", of[1], of[4]));
    }

    /** What a stream that nobody reads costs the calls of its client. */
    Comparison stalled(int rounds) throws IOException {
        double[] with = new double[rounds];
        double[] without = new double[rounds];
        Flow flow = own.rpc();
        slowest(flow);
        for (int i = 0; i < rounds; i++) {
            without[i] = slowest(flow);
            Duplex stream = flow.bytes(Long.MAX_VALUE);
            if (stream.input().read() < 0) {
                throw new IOException("the stream has ended");
            }
            with[i] = slowest(flow);
            stream.cancel("measured");
        }
        return new Comparison(
                "99th of calls: a stream stalled beside none", "us", Samples.of(with), Samples.of(without));
    }

    /** The 99th percentile, in microseconds. */
    private static double slowest(Flow flow) {
        long[] times = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            flow.echo(i);
            times[i] = System.nanoTime() - began;
        }
        Arrays.sort(times);
        return times[CALLS * 99 / 100] / 1e3;
    }

    @Override
    public void close() throws IOException {
        ProcessHandle first = own.spawned().orElseThrow();
        ProcessHandle second = shared.spawned().orElseThrow();
        own.rpc().close();
        own.close();
        shared.rpc().close();
        shared.close();
        first.onExit().join();
        second.onExit().join();
        Process end = new ProcessBuilder(Commands.with(npm, "close"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        end.onExit().join();
        Commands.delete(home);
    }
}
