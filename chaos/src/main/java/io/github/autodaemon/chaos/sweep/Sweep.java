package io.github.autodaemon.chaos.sweep;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The sweeps: {@code cold ROUNDS CLIENTS}, many client processes at once on a cold socket; {@code restart TIMES}, stop and
 * start; {@code autoclose COMMANDS}, clients with pauses swept over the moment at which the daemon leaves. Each prints one
 * line of numbers; the exit code is 0 when nothing failed.
 */
public final class Sweep {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LINGER_MILLIS = 50;
    private static final int WIDTH_MILLIS = 120;

    private final Path socket;
    private int failures;

    private Sweep(Path socket) {
        this.socket = socket;
    }

    /** Runs one sweep, or one client of a sweep. */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("client")) {
            long[] next = new Sweep(Path.of(args[1])).call(false);
            System.out.println(next[0] + " " + next[1]);
            return;
        }
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "sw");
        Sweep sweep = new Sweep(directory.resolve("s"));
        try {
            switch (args[0]) {
                case "cold" -> sweep.cold(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
                case "restart" -> sweep.restart(Integer.parseInt(args[1]));
                case "autoclose" -> sweep.autoclose(Integer.parseInt(args[1]));
                default -> throw new IllegalArgumentException("no such sweep: " + args[0]);
            }
        } finally {
            sweep.daemon(false).build().stop(PATIENCE);
            delete(directory);
        }
        System.exit(sweep.failures == 0 ? 0 : 1);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private AutoDaemonBuilder<Count> daemon(boolean leaves) {
        return AutoDaemon.of(Count.class, Count.Counting.class)
                .socket(socket)
                .timeout(PATIENCE)
                .autoClose(leaves)
                .linger(Duration.ofMillis(LINGER_MILLIS));
    }

    private long[] call(boolean leaves) {
        try (Connection<Count> connection = daemon(leaves).build().connect()) {
            return connection.rpc().next();
        }
    }

    private void failed(String what) {
        failures++;
        System.out.println("FAILED " + what);
    }

    private void cold(int rounds, int clients) throws Exception {
        int daemons = 0;
        for (int round = 0; round < rounds; round++) {
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                // Its files in /tmp can be locked by another of the same number, which it says on
                                // standard output.
                                "-XX:-UsePerfData",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Sweep.class.getName(),
                                "client",
                                socket.toString())
                        .redirectErrorStream(true)
                        .start());
            }
            TreeSet<String> pids = new TreeSet<>();
            TreeSet<Integer> numbers = new TreeSet<>();
            for (Process process : processes) {
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (process.waitFor() == 0 && out.matches("\\d+ \\d+")) {
                    pids.add(out.substring(0, out.indexOf(' ')));
                    numbers.add(Integer.valueOf(out.substring(out.indexOf(' ') + 1)));
                } else {
                    failed(out);
                }
            }
            daemons += pids.size();
            if (pids.size() != 1 || numbers.size() != clients || numbers.last() != clients) {
                failed("round " + round + ": daemons " + pids + ", numbers " + numbers);
            }
            daemon(false).build().stop(PATIENCE);
        }
        System.out.println("cold: " + rounds + " rounds of " + clients + " processes, daemons " + daemons
                + ", failures " + failures);
    }

    private void restart(int times) {
        for (int i = 0; i < times; i++) {
            try {
                long[] next = call(false);
                long pid = next[0];
                if (next[1] != 1) {
                    failed("time " + i + ": call number " + next[1] + " of a fresh daemon");
                }
                if (!daemon(false).build().stop(PATIENCE)) {
                    failed("time " + i + ": nothing to stop");
                }
                if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
                        && Files.exists(Path.of("/proc/" + pid + "/exe"))) {
                    failed("time " + i + ": the process is still there");
                }
            } catch (AutoDaemonException e) {
                failed("time " + i + ": " + e);
            }
        }
        System.out.println("restart: " + times + " times, failures " + failures);
    }

    /** A seventh of the width at a time, so that the pauses wander over all of it. */
    private void autoclose(int commands) {
        long daemon = 0;
        long number = 0;
        int daemons = 0;
        int twice = 0;
        for (int i = 0; i < commands; i++) {
            try {
                long[] next = call(true);
                if (next[0] != daemon) {
                    daemon = next[0];
                    number = 0;
                    daemons++;
                }
                number++;
                if (next[1] != number) {
                    twice++;
                    failed("command " + i + ": call " + next[1] + " of daemon " + daemon + ", expected " + number);
                }
            } catch (AutoDaemonException e) {
                failed("command " + i + ": " + e);
            }
            long pause = (i * 17_143L) % (WIDTH_MILLIS * 1000L);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pause));
        }
        System.out.println("autoclose: " + commands + " commands, daemons " + daemons + ", out of order " + twice
                + ", failures " + failures);
    }
}
