package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The identity of a process: its process id, which the system reuses once the process is gone, and its start time.
 *
 * @param pid the process id
 * @param started when the process began: clock ticks since the boot on Linux (field 22 of {@code proc(5)}'s stat), else
 *     milliseconds since 1970
 */
public record ProcessIdentity(long pid, long started) {
    private static final boolean PROC = Files.exists(Path.of("/proc/self/stat"));
    private static final int STATE = 0;
    private static final int THREADS = 17;
    private static final int START = 19;

    /** The id of this process. {@code ProcessHandle} would load its thread pool into each command. */
    public static long ownPid() {
        if (PROC) {
            try {
                return Long.parseLong(
                        Files.readSymbolicLink(Path.of("/proc/self")).toString());
            } catch (IOException | NumberFormatException e) {
                // The system's processes are hidden from this one.
                return ProcessHandle.current().pid();
            }
        }
        return ProcessHandle.current().pid();
    }

    /** The umask of this process (umask(2)), as proc(5) shows it; less than 0 when it does not. */
    public static int ownUmask() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Umask:")) {
                    return Integer.parseInt(line.substring("Umask:".length()).strip(), Byte.SIZE);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
        return -1;
    }

    /** This process. */
    public static ProcessIdentity current() {
        long pid = ownPid();
        return new ProcessIdentity(pid, startOf(pid));
    }

    /**
     * True if exactly this process still runs. A zombie does not run: it has released everything but its process id,
     * and may stay for as long as its parent likes, as in a container whose first process reaps no children.
     */
    public boolean isRunning() {
        return started != 0 && startOf(pid) == started;
    }

    /** True if {@code text} is an argument on the process's command line, as far as the system shows it. */
    public boolean hasArgument(String text) {
        if (PROC) {
            try {
                // Not through ProcessHandle, which knows no arguments of a command line of more than a page.
                String line = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
                return List.of(line.split("\0", -1)).contains(text);
            } catch (IOException e) {
                return false;
            }
        }
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .map(arguments -> List.of(arguments).contains(text))
                .orElse(false);
    }

    /** When the process with this id began; 0 when there is none, or only a zombie. */
    private static long startOf(long pid) {
        if (!PROC) {
            Optional<ProcessHandle> handle = ProcessHandle.of(pid);
            return handle.flatMap(process -> process.info().startInstant())
                    .map(Instant::toEpochMilli)
                    .orElse(0L);
        }
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
            String stat = new String(bytes, StandardCharsets.ISO_8859_1);
            // The second field is the program's name in parentheses, which may contain anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
            // The process's first thread may be a zombie before the other threads have ended and its files are closed.
            boolean over =
                    (fields[STATE].equals("Z") && fields[THREADS].length() == 1 && fields[THREADS].charAt(0) < '2')
                            || fields[STATE].equals("X");
            return over ? 0 : Long.parseLong(fields[START]);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return "pid " + pid;
    }

    /** The memory of the process in bytes; -1 where the system does not show it. */
    public long memory() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    String[] words = line.substring("VmRSS:".length()).strip().split(" ", -1);
                    return Long.parseLong(words[0]) << 10;
                }
            }
            return -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}
