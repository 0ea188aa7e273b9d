package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Rpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A private directory with a short path for each test. Whatever process was started with that path in its command line,
 * by whomever, is ended after the test.
 */
final class Workplace implements BeforeEachCallback, AfterEachCallback {
    private Path directory = Path.of("/nonexistent");
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory(
                Path.of("/tmp"),
                "ad",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        // Again, since one that ends may have started another meanwhile.
        for (var left = processes(command -> true); !left.isEmpty(); left = processes(command -> true)) {
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

    /** The directory of this test. */
    Path directory() {
        return directory;
    }

    /** Where the daemon of this test listens. */
    Path socket() {
        return directory.resolve("s");
    }

    /** Writes a file. */
    Path file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a program. */
    Path executable(String name, String content) {
        try {
            return Files.setPosixFilePermissions(file(name, content), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes {@code resource} after the test, before the processes are ended. */
    <R extends AutoCloseable> R closeLater(R resource) {
        opened.push(resource);
        return resource;
    }

    /** The description of a Java daemon that serves {@link WorkshopService}. */
    AutoDaemonBuilder<Workshop> javaDaemon() {
        return AutoDaemon.of(Workshop.class, WorkshopService.class).socket(socket());
    }

    /** The description, for typed calls, of a node daemon that serves {@code workshop.js}. */
    AutoDaemonBuilder<Workshop> npmDaemon() {
        return npm(javaDaemon(), NpmPackages.script("workshop.js"));
    }

    /** The description, for calls by name, of a node daemon. */
    AutoDaemonBuilder<Rpc> npmDaemon(Path rpcFile, String... methods) {
        return npm(AutoDaemon.dynamic(methods).socket(socket()), rpcFile);
    }

    private static <T> AutoDaemonBuilder<T> npm(AutoDaemonBuilder<T> description, Path rpcFile) {
        return description.command("node", NpmPackages.runJs().toString(), rpcFile.toString());
    }

    /** Connects, until the test is over. */
    <T> Connection<T> connect(AutoDaemonBuilder<T> description) {
        return closeLater(description.build().connect());
    }

    /** Connects to the Java daemon, until the test is over. */
    Connection<Workshop> connect() {
        return connect(javaDaemon());
    }

    /** Runs a script of these tests; its first argument is the socket. */
    NodeProcess node(String script, String... args) {
        List<String> all = new ArrayList<>(List.of(socket().toString()));
        all.addAll(Arrays.asList(args));
        return closeLater(NodeProcess.start(directory, NpmPackages.script(script), all));
    }

    /** Runs a script of these tests to its end and returns what it printed. */
    List<String> run(String script, String... args) {
        return node(script, args).finish();
    }

    /** The daemons of this test that run now, whoever started them. */
    List<ProcessHandle> daemons() {
        return processes(command -> !command.get(0).endsWith("/sh")
                && command.stream().anyMatch(word -> word.endsWith(".DaemonMain") || word.endsWith("/run.js")));
    }

    /** The one daemon of this test. */
    ProcessHandle daemon() {
        List<ProcessHandle> all = daemons();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** Waits until no daemon of this test runs: one that was closed ends after its last answer. */
    void awaitNoDaemon() {
        daemons().forEach(Workplace::awaitExit);
        assertThat(daemons()).isEmpty();
    }

    private List<ProcessHandle> processes(Predicate<List<String>> which) {
        List<ProcessHandle> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    List<String> command = commandOf(process);
                    boolean ours = command.stream().anyMatch(word -> word.contains(directory.toString()));
                    if (ours && which.test(command)) {
                        found.add(process);
                    }
                });
        return found;
    }

    /** Not {@link ProcessHandle.Info}, which reads no more than a page: a class path may be longer. */
    private static List<String> commandOf(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .split("\0", -1));
        } catch (IOException e) {
            return List.of("");
        }
    }

    /** Ends a process as {@code kill -9} does, and waits until it is gone. */
    static void kill(ProcessHandle process) {
        assertThat(process.destroyForcibly()).isTrue();
        awaitExit(process);
    }

    /**
     * Waits until a process is gone; the test's time limit bounds it. A handle's own future looks again only after
     * seconds when the process is no child, and takes a zombie for alive.
     */
    static void awaitExit(ProcessHandle process) {
        while (!ended(process.pid())) {
            LockSupport.parkNanos(1_000_000);
        }
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
}
