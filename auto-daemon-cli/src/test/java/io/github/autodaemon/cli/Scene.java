package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A runtime directory of its own for one test, so that the command finds the daemons of that test only, and no command stops
 * a daemon of whoever runs the tests. Afterwards whatever process names it is ended, and it is deleted.
 */
final class Scene implements BeforeEachCallback, AfterEachCallback {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Path directory = Path.of("/nowhere");
    private final List<Process> processes = new ArrayList<>();

    /** What a command did. */
    record Ran(int code, String out, String err) {}

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        create();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        remove();
    }

    void create() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "adc");
        Files.createDirectory(
                home(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    void remove() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        // Again, since one that ends may have started another meanwhile.
        for (List<ProcessHandle> left = ours(); !left.isEmpty(); left = ours()) {
            for (ProcessHandle process : left) {
                process.destroyForcibly();
                awaitEnd(process.pid());
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private List<ProcessHandle> ours() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(
                            process -> process.pid() != ProcessHandle.current().pid() && isOurs(process.pid()))
                    .toList();
        }
    }

    private boolean isOurs(long pid) {
        return text("/proc/" + pid + "/cmdline").contains(directory.toString())
                || text("/proc/" + pid + "/environ").contains("XDG_RUNTIME_DIR=" + directory);
    }

    private static String text(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until a process has ended; the test's own time limit bounds it. */
    static void awaitEnd(long pid) {
        while (!hasEnded(pid)) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("pid " + pid + " has not ended");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Whether it has, be it that its parent has not looked yet. */
    static boolean hasEnded(long pid) {
        String stat = text("/proc/" + pid + "/stat");
        if (stat.isEmpty()) {
            return true;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // The first thread may be a zombie before the others, and with them the files, are gone.
        return fields[0].equals("X") || (fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1);
    }

    Path directory() {
        return directory;
    }

    /** The default directory for sockets. */
    Path home() {
        return directory.resolve("auto-daemon");
    }

    Path socket(String name) {
        return home().resolve(name + ".sock");
    }

    /** A description of a desk in the default directory, as a program with this environment would make it. */
    AutoDaemonBuilder<Desk> desk(String name) {
        return AutoDaemon.of(Desk.class, DeskService.class)
                .socket(socket(name))
                .environment(Map.of(
                        "XDG_RUNTIME_DIR", directory.toString(), "PATH", System.getenv("PATH"), "SECRET", "xyzzy"));
    }

    /** Starts a desk that nobody uses then; its process id. */
    long start(String name) {
        try (Connection<Desk> connection = desk(name).build().connect()) {
            return connection.pid().orElseThrow();
        }
    }

    /** Has a call begin that ends when the daemon does, or the connection. */
    static Thread hold(Connection<Desk> desk) {
        Thread holder = new Thread(() -> {
            try {
                desk.rpc().hold();
            } catch (AutoDaemonException e) {
                assertThat(e).hasMessageContaining("hold");
            }
        });
        holder.setDaemon(true);
        holder.start();
        return holder;
    }

    static void signal(String signal, long pid) throws Exception {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + signal + " " + pid + " gave " + code);
        }
    }

    /** Ends a process as a crash does. */
    static void crash(long pid) throws Exception {
        signal("KILL", pid);
        awaitEnd(pid);
    }

    List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Autod.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // No archives: whoever makes one would outlive the test.
        builder.environment().put("XDG_CACHE_HOME", "/dev/null");
        builder.environment().remove("NO_COLOR");
        return builder;
    }

    /** Starts a command; its standard error goes to a file. */
    Process start(List<String> command, File err) throws IOException {
        Process process = builder(command).redirectError(err).start();
        processes.add(process);
        return process;
    }

    /** Runs {@code autod} to its end. */
    Ran autod(String... args) throws Exception {
        return run(command(args), "");
    }

    Ran run(List<String> command, String input) throws Exception {
        Path err = Files.createTempFile(directory, "err", "");
        Process process = start(command, err.toFile());
        try (var to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return new Ran(code, out, Files.readString(err));
    }

    /** The script {@code autod}, beside what a build would have made. */
    Path script() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Path target = root.resolve("auto-daemon-cli/target");
        Path script = root.resolve("autod");
        if (!Files.exists(script)) {
            Files.createDirectories(target.resolve("lib"));
            Files.copy(ROOT.resolve("autod"), script, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            Files.createFile(target.resolve("ready"));
            Files.createSymbolicLink(
                    target.resolve("autod.jar"), Path.of("target/classes").toAbsolutePath());
            for (String name : List.of("auto-daemon/target", "gson", "picocli")) {
                Files.createSymbolicLink(
                        target.resolve("lib").resolve(name.replace("/target", "") + ".jar"), onClassPath("/" + name));
            }
        }
        return script;
    }

    private static Path onClassPath(String part) {
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (element.contains(part) && !element.contains("test-classes")) {
                return Path.of(element).toAbsolutePath();
            }
        }
        throw new IllegalStateException("nothing on the class path is " + part);
    }
}
