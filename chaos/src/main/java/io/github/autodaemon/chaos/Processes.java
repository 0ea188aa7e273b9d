package io.github.autodaemon.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The processes whose command line names a directory, which is the run's own. No other is ever signalled. */
final class Processes {
    static final String DAEMON_MAIN = "io.github.autodaemon.internal.daemon.DaemonMain";

    /** A script, the front with the script it falls back to, or a JVM. */
    private static final Pattern COMMAND =
            Pattern.compile("/record-v\\d\0|\0" + Pattern.quote(Recorder.class.getName()) + "\0");

    /** What a process is. */
    enum Kind {
        DAEMON,
        /** Starts a daemon and waits for it. */
        SHELL,
        CLIENT,
        OTHER
    }

    /** One process. */
    record Found(long pid, Kind kind, String commandLine) {
        @Override
        public String toString() {
            return kind + " " + pid;
        }
    }

    private Processes() {}

    /** In the order of their ids. A process that is dying has no command line any more and is not among them. */
    static List<Found> naming(Path directory) throws IOException {
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(String.valueOf(process.getFileName()));
                String line = commandLine(pid);
                if (pid != ProcessHandle.current().pid() && line.contains(directory + "/")) {
                    found.add(new Found(pid, kind(line), line.replace('\0', ' ')));
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::pid));
        return found;
    }

    static List<Found> naming(Path directory, Kind kind) throws IOException {
        return naming(directory).stream().filter(p -> p.kind() == kind).toList();
    }

    private static Kind kind(String line) {
        String program = line.substring(0, Math.max(0, line.indexOf('\0')));
        if (COMMAND.matcher(line).find()) {
            return Kind.CLIENT;
        }
        if (program.endsWith("/sh")) {
            return Kind.SHELL;
        }
        if (program.endsWith("/java") && line.contains("\0" + DAEMON_MAIN + "\0")) {
            return Kind.DAEMON;
        }
        return program.endsWith("/java") && line.contains("\0" + Worker.class.getName() + "\0")
                ? Kind.CLIENT
                : Kind.OTHER;
    }

    private static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** As in proc_pid_stat(5), such as {@code T} for a stopped one; {@code X} when there is none. */
    static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return 'X';
        }
    }

    /**
     * Sends a signal, if the process is still one of the run's.
     *
     * @return false when it was not
     */
    static boolean signal(Path directory, long pid, String signal) throws IOException {
        if (!commandLine(pid).contains(directory + "/")) {
            return false;
        }
        return command("kill", "-" + signal, Long.toString(pid));
    }

    /** Runs a command to its end. */
    static boolean command(String... words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return process.onExit().join().exitValue() == 0;
    }

    /** Ends all of them, stopped ones too, until there is none. */
    static boolean endAll(Path directory) throws IOException {
        return Waiting.until(20, () -> {
            List<Found> left = naming(directory);
            for (Found process : left) {
                signal(directory, process.pid(), "KILL");
            }
            return left.isEmpty();
        });
    }
}
