package io.github.autodaemon.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Processes, as /proc tells of them (proc(5)). */
public final class Processes {
    private Processes() {}

    /**
     * The words of its command line, with a zero byte after each; empty when it has ended, be it that its parent has not
     * looked yet. Not {@link ProcessHandle.Info}, which reads no more than a page: a class path may be longer.
     */
    public static String commandLine(long pid) {
        return text(pid, "cmdline");
    }

    /** The environment that it was started with, in the same way. */
    public static String environment(long pid) {
        return text(pid, "environ");
    }

    private static String text(long pid, String file) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Waits until it has ended; the test's own time limit bounds it. A handle's own future looks again only after seconds when
     * the process is no child, and takes a zombie for alive; and one whose command line is gone may still have its sockets.
     *
     * @throws IllegalStateException when this thread is interrupted
     */
    public static void awaitEnd(long pid) {
        while (!hasEnded(pid)) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("pid " + pid + " has not ended: " + commandLine(pid));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** As {@link #awaitEnd(long)}. */
    public static void awaitEnd(ProcessHandle process) {
        awaitEnd(process.pid());
    }

    /** Whether it has, be it that its parent has not looked yet. */
    public static boolean hasEnded(long pid) {
        String stat = text(pid, "stat");
        if (stat.isEmpty()) {
            return true;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // The first thread may be a zombie before the others, and with them the files, are gone.
        return fields[0].equals("X") || (fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1);
    }

    /** Ends it as kill -9 does, and waits for that. */
    public static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        awaitEnd(pid);
    }

    /** Sends a signal, such as {@code STOP}, and waits until one that is to stop has. */
    public static void signal(long pid, String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " " + pid + " gave " + code);
        }
        // Or it has just ended, of itself.
        while (name.equals("STOP") && !isStopped(pid) && !hasEnded(pid)) {
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
}
