package io.github.autodaemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A short private directory for one test. Afterwards every process whose command line names it is ended, and the
 * directory is deleted.
 */
final class Scratch implements BeforeEachCallback, AfterEachCallback {
    private Path directory = Path.of("/nowhere");

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        create();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        remove();
    }

    /** For a test class that shares one. */
    void create() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "ad");
    }

    void remove() throws Exception {
        // Again, since one that ends may have started another meanwhile.
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            for (ProcessHandle process : left) {
                process.destroyForcibly();
                awaitExit(process);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    Path directory() {
        return directory;
    }

    Path socket() {
        return directory.resolve("s");
    }

    /** The log of the daemon before the one that serves. */
    Path previousLog() {
        return directory.resolve("s.log.previous");
    }

    /** The processes, but for zombies, whose command line names this directory. */
    List<ProcessHandle> processes() throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            for (ProcessHandle process : all.toList()) {
                if (process.pid() != ProcessHandle.current().pid()
                        && commandLine(process.pid()).contains(directory.toString())) {
                    found.add(process);
                }
            }
        }
        return found;
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Waits until the process has ended; the test's own time limit bounds it. A zombie has, but for a handle it is alive;
     * and one whose command line is gone may still have its sockets.
     */
    static void awaitExit(ProcessHandle process) {
        while (!ended(process.pid())) {
            if (Thread.interrupted()) {
                throw new IllegalStateException(
                        "pid " + process.pid() + " has not ended: " + commandLine(process.pid()));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Whether it has ended, be it that its parent has not looked yet. */
    static boolean hasEnded(ProcessHandle process) {
        return ended(process.pid());
    }

    private static boolean ended(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // The first thread may be a zombie before the others, and with them the files, are gone.
            return fields[0].equals("X") || (fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1);
        } catch (IOException e) {
            return true;
        }
    }

    /** The daemons of this directory. */
    List<ProcessHandle> daemons() throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        for (ProcessHandle process : processes()) {
            String command = commandLine(process.pid());
            if (!command.startsWith("/bin/sh") && command.contains(".DaemonMain")) {
                found.add(process);
            }
        }
        return found;
    }

    /** Sends a signal, such as {@code STOP}. */
    static void signal(ProcessHandle process, String name) throws Exception {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " " + process.pid() + " gave " + code);
        }
        // Or it has just ended, of itself.
        while (name.equals("STOP") && !isStopped(process.pid()) && !hasEnded(process)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Each thread stops for itself, some time after kill(1) has returned. */
    private static boolean isStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Waits until a file contains a text; the test's own time limit bounds it. */
    static void awaitText(Path file, String text) throws IOException {
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A process of its own that uses the lab on this directory's socket; see {@link LabCommand}. */
    ProcessBuilder command(String... words) {
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
    static String output(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.strip();
    }

    /** An executor for tasks that block: the common pool has one thread on a small machine. */
    static void inThread(Runnable task) {
        new Thread(task).start();
    }

    /** Starts such a process, {@code "$@"} in this shell script. */
    Process client(String script, String... words) throws IOException {
        ProcessBuilder builder = command(words);
        builder.command().addAll(0, List.of("/bin/sh", "-c", script, "sh"));
        return builder.start();
    }

    /** What a process prints until it closes its output. */
    static String output(Process process) throws IOException {
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Ends a daemon and waits for that. */
    static void end(String pid) {
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        daemon.destroy();
        awaitExit(daemon);
    }

    /** A description of the {@link Lab} on this directory's socket. */
    AutoDaemonBuilder<Lab> lab() {
        return AutoDaemon.of(Lab.class, LabService.class).socket(socket());
    }
}
