package io.github.autodaemon.bench;

import io.github.autodaemon.AutoDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where one part of the measurement works: a directory of its own, and all that it started, which ends with it. */
final class Lab implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration ARCHIVES = Duration.ofSeconds(90);

    private final Programs programs;
    private final boolean quick;
    private final Path home = Files.createTempDirectory(Path.of("/tmp"), "bench");
    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private int names;

    Lab(Programs programs, boolean quick) throws IOException {
        this.programs = programs;
        this.quick = quick;
    }

    Programs programs() {
        return programs;
    }

    /** So many rounds, or fewer when it is to be quick. */
    int rounds(int many) {
        return quick ? Math.max(2, many / 6) : many;
    }

    /** A path that nothing has yet. */
    Path path(String kind) {
        return home.resolve(kind + names++);
    }

    /** Starts a process that lives as long as the part. */
    Child start(String name, List<String> command) throws IOException {
        Child child = new Child(name, command, path("log"));
        started.push(child);
        return child;
    }

    /** A server of this contender on a fresh path. */
    Served serve(Contender contender) throws IOException {
        Path socket = path("s");
        return new Served(socket, start(contender.words() + ", server", programs.server(contender, socket)));
    }

    /** A server and where it is. */
    record Served(Path socket, Child server) {}

    /** A server and its driver, each on its processor. */
    Child pair(Contender contender, Pin pin) throws IOException {
        Path socket = path("s");
        start(contender.words() + ", server", pin.server(programs.server(contender, socket)));
        return start(contender.words(), pin.client(programs.driver(contender, socket)));
    }

    /** Ends what was started until now, the last first. */
    void endAll() {
        for (AutoCloseable last = started.poll(); last != null; last = started.poll()) {
            try {
                last.close();
            } catch (Exception e) {
                System.err.println("bench: while ending a process: " + e);
            }
        }
    }

    /** A path for a daemon that {@code ./counter} or another command starts, and that ends with the part. */
    Path counter() {
        Path socket = path("c");
        started.push(() -> endCounter(socket));
        return socket;
    }

    static void endCounter(Path socket) {
        AutoDaemon.dynamic("close").socket(socket).build().stop(PATIENCE);
    }

    /** A path for a daemon that npm's command starts, and that ends with the part. */
    Path npm() {
        Path socket = path("n");
        started.push(() -> endNpm(socket));
        return socket;
    }

    void endNpm(Path socket) throws IOException {
        if (Files.exists(socket)) {
            long pid = Long.parseLong(
                    Timed.run(programs.npmCommand(socket, "pid")).out().strip());
            Timed.run(programs.npmCommand(socket, "close"));
            ProcessHandle.of(pid).ifPresent(process -> process.onExit()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join());
        }
    }

    /**
     * Makes a call, waits until the daemon has made the archives of the command and of itself, which it does when it has
     * nothing else to do, and makes a call with them.
     */
    void settle(Path counter) throws IOException, InterruptedException {
        settle(counter, programs.counter(counter, "add", "1"), Programs.archives(programs.counter()));
    }

    void settle(Path socket, List<String> command, Path archives) throws IOException, InterruptedException {
        // The first may find that its archive is out of date, and only sees to it that the second lists its classes.
        Timed.run(command);
        Timed.run(command);
        long deadline = System.nanoTime() + ARCHIVES.toNanos();
        while (seals(archives) < 2) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("there are no archives in " + archives);
            }
            Thread.sleep(100);
        }
        endCounter(socket);
        Timed.run(command);
    }

    private static long seals(Path archives) throws IOException {
        try (Stream<Path> files = Files.list(archives)) {
            return files.filter(file -> file.toString().endsWith(".seal")).count();
        }
    }

    @Override
    public void close() throws IOException {
        endAll();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
