package io.github.autodaemon.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Chapters one after the other until time is over or something is wrong. */
final class Run {
    private static final int WORKERS = 2;

    private final Arguments arguments;
    private final RunLog log;
    private final Tally tally = new Tally();
    private final Path directory;
    private final AtomicBoolean cleaned = new AtomicBoolean();

    Run(Arguments arguments, RunLog log) throws IOException {
        this.arguments = arguments;
        this.log = log;
        Path parent = arguments.directory();
        Files.createDirectories(parent);
        this.directory = Files.createTempDirectory(parent, "chaos").toRealPath();
    }

    Path directory() {
        return directory;
    }

    Tally tally() {
        return tally;
    }

    /** Runs; whether nothing was wrong. */
    boolean run() throws IOException {
        Thread hook = new Thread(this::interrupted, "chaos-clean-up");
        Runtime.getRuntime().addShutdownHook(hook);
        log.say("seed " + arguments.seed() + ", in " + directory + ", JDK " + System.getProperty("java.version"));
        boolean clean = false;
        try {
            Clients clients = new Clients(directory, WORKERS);
            for (int number = 1; goesOn(); number++) {
                new Chapter(directory, arguments.seed(), number, clients, tally, log).run(this::goesOn);
            }
            clients.end();
            List<Processes.Found> left = Processes.naming(directory);
            if (!left.isEmpty()) {
                throw new Violation("processes are left: " + left);
            }
            clean = true;
        } catch (IOException | RuntimeException e) {
            tally.violations++;
            log.say("VIOLATION " + (e instanceof Violation ? e.getMessage() : "of the driver itself: " + e));
            if (!(e instanceof Violation)) {
                for (StackTraceElement frame : e.getStackTrace()) {
                    log.say("    at " + frame);
                }
            }
            gatherEvidence();
        } finally {
            cleanUp(clean);
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        log.say(tally.summary());
        log.say("seed " + arguments.seed() + (clean ? "" : "; what is left is in " + directory));
        return clean;
    }

    private boolean goesOn() {
        return arguments.steps() > 0
                ? tally.steps < arguments.steps()
                : tally.seconds() < TimeUnit.MINUTES.toSeconds(arguments.minutes());
    }

    /** Who was there, and what its threads did: a JVM that gets SIGQUIT says so, on its output or in its log. */
    private void gatherEvidence() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Processes.Found process : Processes.naming(directory)) {
            lines.add(process + " " + Processes.state(process.pid()) + " " + process.commandLine());
            if (process.kind() == Processes.Kind.DAEMON || process.kind() == Processes.Kind.CLIENT) {
                Processes.signal(directory, process.pid(), "QUIT");
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
            if (line.contains(directory.toString())) {
                lines.add(line);
            }
        }
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            lines.add(thread.getName());
            for (StackTraceElement frame : frames) {
                lines.add("    at " + frame);
            }
        });
        Files.write(directory.resolve("evidence"), lines);
        Waiting.pause(1000);
    }

    private void interrupted() {
        try {
            cleanUp(false);
        } catch (IOException e) {
            log.say("not cleaned up: " + e);
        }
    }

    private void cleanUp(boolean clean) throws IOException {
        if (cleaned.compareAndSet(false, true)) {
            if (!Processes.endAll(directory)) {
                log.say("processes are left: " + Processes.naming(directory));
            }
            SmallDisk.unmountBelow(directory, !clean);
            if (clean) {
                FileSteps.delete(directory);
            }
        }
    }
}
