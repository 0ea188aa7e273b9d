package io.github.autodaemon.examples.counter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A private directory with a short path for each test. Whatever process has it in its command line when the test is over is
 * ended, be it a daemon or who makes its archives, before the directory is deleted.
 */
final class Place implements BeforeEachCallback, AfterEachCallback {
    private Path directory = Path.of("/nowhere");

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "adc");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        // Again, since one that ends may have started another meanwhile.
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            for (ProcessHandle process : left) {
                process.destroyForcibly();
                awaitEnd(process);
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

    List<ProcessHandle> processes() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> commandLine(process).contains(directory + "/"))
                    .toList();
        }
    }

    /** Without the shell that waits for a start, whose arguments are the daemon's as well. */
    List<ProcessHandle> daemons() {
        return processes().stream()
                .filter(process -> {
                    String command = commandLine(process);
                    return command.contains(".DaemonMain\0") && !command.startsWith("/bin/sh");
                })
                .toList();
    }

    /** Empty when it has ended, be it that its parent has not looked yet. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until it has ended; the test's own time limit bounds it. */
    static void awaitEnd(ProcessHandle process) {
        while (!hasEnded(process.pid())) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // The first thread may be a zombie before the others, and with them the files, are gone.
            return fields[0].equals("X") || (fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1);
        } catch (IOException e) {
            return true;
        }
    }
}
