package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.fs.LogFile;
import io.github.autodaemon.internal.rpc.Hello;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's process while it starts. The daemon inherits only the environment of this process: it is in a session of
 * its own, its umask is 077 unless this process's umask was requested, its standard error is the log, and its standard
 * output is the pipe for its readiness message.
 */
final class DaemonProcess {
    /** The readiness message of a daemon: how its start went. */
    record Readiness(String kind, String rest) {}

    /** Options that a user sets for single programs; a shared daemon must not depend on the program that came first. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH");

    /** The property with the paths of setsid(1); some systems have none. */
    private static final String SETSID = "io.github.autodaemon.setsid";

    private static final long SHELL_EXIT_SECONDS = 5;

    /**
     * The shell starts the daemon in the background and waits for it, so its exit code is the daemon's; once the daemon
     * is ready, the shell is ended. A direct child would not do: the JVM has a thread inside waitpid(2) for each child,
     * and a thread in native code delays the exit of this JVM by 300 ms.
     *
     * <p>Ctrl-C between the fork and setsid(1), or without setsid, reaches the daemon, which ignores signals from a
     * terminal, except SIGQUIT, for thread dumps. A background command's standard input would be /dev/null, hence the
     * 3.
     */
    private static String script(Launch launch) {
        String output = launch.talks() ? "" : ">&2";
        return (launch.inheritUmask() ? "" : "umask 077; ") + "trap '' INT HUP TSTP; exec 3<&0; \"$@\" <&3 3<&- "
                + output + " & echo \"$0 pid $!\"; exec 3<&-; wait $!";
    }

    private final Process process;
    private final @Nullable Path log;
    private @Nullable ProcessHandle daemon;
    private @Nullable Readiness readiness;
    private boolean prepared;
    private boolean silent;

    private DaemonProcess(Process process, @Nullable Path log) {
        this.process = process;
        this.log = log;
    }

    static DaemonProcess start(Launch launch, @Nullable Path log) throws IOException {
        if (!Files.isDirectory(launch.directory())) {
            throw new IOException("the working directory " + launch.directory() + " does not exist");
        }
        List<String> command = new ArrayList<>();
        command.add("/bin/sh");
        command.add("-c");
        command.add(script(launch));
        command.add(launch.nonce());
        Path setsid = setsid();
        if (setsid != null) {
            command.add(setsid.toString());
        }
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(launch.directory().toFile());
        Map<String, String> environment = builder.environment();
        Map<String, String> given = launch.environment();
        if (given != null) {
            environment.clear();
            environment.putAll(given);
            speakUtf8(environment);
        } else {
            environment.keySet().removeAll(NOT_PASSED_ON);
            // glibc keeps an arena for each of many threads, and memory that was freed in one arena is of no use in
            // another.
            environment.putIfAbsent("MALLOC_ARENA_MAX", "2");
            if (!"UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"))) {
                // In the C locale a JVM cannot open a file with a non-ASCII name.
                environment.put("LC_ALL", "C.UTF-8");
            }
        }
        environment.put(Hello.DAEMON_VARIABLE, launch.nonce());
        Process process = log == null
                ? builder.redirectError(ProcessBuilder.Redirect.DISCARD).start()
                : LogFile.open(log, new LogFile.Use<>() {
                    @Override
                    public Process with(File file) throws IOException {
                        try {
                            return builder.redirectError(ProcessBuilder.Redirect.appendTo(file))
                                    .start();
                        } catch (FileNotFoundException e) {
                            throw new IOException("the log " + log + " cannot be opened: " + e.getMessage(), e);
                        }
                    }
                });
        DaemonProcess started = new DaemonProcess(process, log);
        Thread listener = new Thread(() -> started.converse(launch), "auto-daemon-start");
        listener.setDaemon(true);
        boolean heard = false;
        try {
            listener.start();
            heard = true;
        } finally {
            if (!heard) {
                started.process.destroyForcibly();
            }
        }
        return started;
    }

    /**
     * Sets a UTF-8 locale: in the C locale, which is the default, a JVM cannot open a file with a non-ASCII name, such
     * as a jar.
     */
    private static void speakUtf8(Map<String, String> environment) {
        String decides = "LC_CTYPE";
        String locale = "";
        for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            if (locale.isEmpty()) {
                locale = environment.getOrDefault(variable, "");
                decides = locale.isEmpty() || variable.equals("LANG") ? "LC_CTYPE" : variable;
            }
        }
        if (locale.isEmpty() || locale.equals("C") || locale.equals("POSIX")) {
            environment.put(decides, "C.UTF-8");
        }
    }

    private static @Nullable Path setsid() {
        for (String place :
                System.getProperty(SETSID, "/usr/bin/setsid:/bin/setsid").split(":", -1)) {
            Path path = Path.of(place);
            if (path.isAbsolute() && Files.isExecutable(path)) {
                return path;
            }
        }
        return null;
    }

    /**
     * Gives the daemon its description and waits for its readiness message. Runs on a thread of its own: both may block
     * for long.
     */
    private void converse(Launch launch) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            give(launch.description() + "\n", launch.succeeds());
            String line = reader.readLine();
            while (line != null) {
                if (!line.startsWith(launch.nonce() + " ")) {
                    note(line);
                } else if (heard(line.substring(launch.nonce().length() + 1))) {
                    return;
                }
                line = reader.readLine();
            }
        } catch (IOException e) {
            // The pipe broke: no more messages will come, and the waiters are told.
            assert !silent;
        } finally {
            synchronized (this) {
                silent = true;
                notifyAll();
            }
        }
    }

    /** Copies a line to the log that the JVM prints before it runs any code. */
    private void note(String line) {
        try {
            if (log != null) {
                LogFile.append(log, line);
            }
        } catch (IOException e) {
            // A full disk; the readiness message is still to come.
            assert !silent;
        }
    }

    private void give(String text, boolean more) {
        try {
            OutputStream out = process.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (!more) {
                out.close();
            }
        } catch (IOException e) {
            // The daemon ended without reading; the end of its output shows this too.
            assert !silent;
        }
    }

    /** Tells the daemon that its predecessor has given up the path. */
    void proceed() {
        give("go\n", false);
    }

    private synchronized boolean heard(String said) {
        String[] parts = said.split(" ", 2);
        String rest = parts.length > 1 ? parts[1] : "";
        if (parts[0].equals("pid")) {
            daemon = ProcessHandle.of(Long.parseLong(rest)).orElse(null);
        } else if (parts[0].equals("prepared")) {
            prepared = true;
        } else {
            readiness = new Readiness(parts[0], rest);
            if (daemon == null && parts[0].equals("ready")) {
                // The daemon has ended the shell before the shell said the process id.
                daemon = ProcessHandle.of(Long.parseLong(rest)).orElse(null);
            }
        }
        notifyAll();
        return readiness != null;
    }

    /** Waits at most {@code nanos} for the daemon's process; null when it is not known by then. */
    synchronized @Nullable ProcessHandle awaitHandle(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!silent && daemon == null && waitUntil(deadline)) {
            // Look again.
        }
        return daemon;
    }

    /**
     * Waits until the daemon is prepared and waits for its predecessor to retire; false when it will not be, or is not
     * in time.
     */
    synchronized boolean awaitPrepared(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!silent && !prepared && waitUntil(deadline)) {
            // Look again.
        }
        return prepared && !silent;
    }

    /**
     * Waits at most {@code nanos} until the readiness message has come, or cannot come any more; false when the time is
     * over.
     */
    synchronized boolean awaitReadiness(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!silent) {
            if (!waitUntil(deadline)) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("WaitNotInLoop") // The loops are in the callers.
    private boolean waitUntil(long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left > 0) {
            wait(left / 1_000_000 + 1);
        }
        return left > 0;
    }

    /** True when no more messages will come. */
    synchronized boolean isSilent() {
        return silent;
    }

    /** The readiness message; null when none came. */
    synchronized @Nullable Readiness readiness() {
        return readiness;
    }

    /** Ends the shell: the daemon serves and goes on alone. */
    void leave() throws InterruptedException {
        process.destroy();
        process.waitFor(SHELL_EXIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Detaches from a daemon that may still be starting. A daemon that waits for its predecessor to retire leaves. */
    void abandon() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The daemon has ended, or will end at its deadline.
            assert !silent;
        }
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code once the process has ended, or -1. A process that has closed its output is about to end. */
    int awaitExit(long nanos) throws InterruptedException {
        return process.waitFor(nanos, TimeUnit.NANOSECONDS) ? process.exitValue() : -1;
    }

    /** Kills the shell, and all processes that it has started. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
