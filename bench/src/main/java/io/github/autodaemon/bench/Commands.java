package io.github.autodaemon.bench;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Rpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Whole commands, from the start of the process to its end, ours and npm's in turns. */
final class Commands implements AutoCloseable {
    private final Path home = directory();
    private final List<String> ours;
    private final List<String> npm;

    Commands(Path root, Path modules) {
        this.ours = List.of(root.resolve("counter").toString(), "--socket", ourSocket());
        this.npm = List.of(
                "node",
                root.resolve("bench/npm/cmd.js").toString(),
                modules.toString(),
                home.resolve("n").toString());
    }

    private String ourSocket() {
        return home.resolve("o").toString();
    }

    /** The runtimes, which do nothing: what no command can be faster than. */
    static Comparison nothing(Path root, int runs) {
        List<String> java = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-cp",
                root.resolve("bench/target/bench.jar").toString(),
                Nothing.class.getName());
        List<String> node = List.of("node", "-e", "0");
        return alternately("nothing: java beside node", runs, () -> {}, java, node);
    }

    /** The daemon runs already. */
    Comparison warm(int runs) {
        run(add(ours));
        run(add(npm));
        return alternately("warm command: counter add 1", runs, () -> {}, add(ours), add(npm));
    }

    /** Each run starts the daemon; it is gone before. */
    Comparison cold(int runs) {
        return alternately("cold command: counter add 1", runs, this::end, add(ours), add(npm));
    }

    private static List<String> add(List<String> command) {
        return with(command, "add", "1");
    }

    static List<String> with(List<String> command, String... words) {
        return Stream.concat(command.stream(), Arrays.stream(words)).toList();
    }

    private static Comparison alternately(
            String what, int runs, Runnable before, List<String> ours, List<String> peer) {
        int warmUp = Math.max(1, runs / 8);
        double[] a = new double[runs];
        double[] b = new double[runs];
        for (int i = -warmUp; i < runs; i++) {
            before.run();
            double first = millis(ours);
            before.run();
            double second = millis(peer);
            if (i >= 0) {
                a[i] = first;
                b[i] = second;
            }
        }
        return new Comparison(what, "ms", Samples.of(a), Samples.of(b));
    }

    private static double millis(List<String> command) {
        long began = System.nanoTime();
        run(command);
        return (System.nanoTime() - began) / 1e6;
    }

    private static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(command + " failed: " + code);
            }
            return out.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends both daemons and waits until their processes are gone. */
    private void end() {
        AutoDaemon<Rpc> counter =
                AutoDaemon.dynamic("close").socket(Path.of(ourSocket())).build();
        counter.connectIfRunning().ifPresent(connection -> {
            OptionalLong pid = connection.pid();
            try (connection) {
                connection.rpc().call("close");
            }
            pid.ifPresent(Commands::awaitEnd);
        });
        if (Files.exists(home.resolve("n"))) {
            long pid = Long.parseLong(run(with(npm, "pid")));
            run(with(npm, "close"));
            awaitEnd(pid);
        }
    }

    private static void awaitEnd(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
    }

    @Override
    public void close() {
        end();
        delete(home);
    }

    static Path directory() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
