package io.github.autodaemon.testing;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A directory for one test, with the {@link Lab} in it. */
public final class Scratch extends TestDirectory {
    public Path socket() {
        return directory().resolve("s");
    }

    /** The log of the daemon before the one that serves. */
    public Path previousLog() {
        return directory().resolve("s.log.previous");
    }

    /** Waits until a file contains a text; the test's own time limit bounds it. */
    public static void awaitText(Path file, String text) throws IOException {
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A process of its own that uses the lab on this directory's socket; see {@link LabCommand}. */
    public ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LabCommand.class.getName(),
                socket().toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs a process to its end and returns what it printed. */
    public static String output(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.strip();
    }

    /** An executor for tasks that block: the common pool has one thread on a small machine. */
    public static void inThread(Runnable task) {
        new Thread(task).start();
    }

    /** Starts such a process, {@code "$@"} in this shell script. */
    public Process client(String script, String... words) throws IOException {
        ProcessBuilder builder = command(words);
        builder.command().addAll(0, List.of("/bin/sh", "-c", script, "sh"));
        return builder.start();
    }

    /** What a process prints until it closes its output. */
    public static String output(Process process) throws IOException {
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Ends a daemon and waits for that. */
    public static void end(String pid) {
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        daemon.destroy();
        Processes.awaitEnd(daemon);
    }

    /** A description of the {@link Lab} on this directory's socket. */
    public AutoDaemonBuilder<Lab> lab() {
        return AutoDaemon.of(Lab.class, LabService.class).socket(socket());
    }
}
