package io.github.autodaemon.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A private directory with a short path for each test. Whatever process names it when the test is over, in its command line or
 * as its runtime directory, is ended, be it a daemon or who makes its archives; then it is deleted.
 */
public class TestDirectory implements BeforeEachCallback, AfterEachCallback {
    private Path directory = Path.of("/nowhere");

    /** None yet. */
    public TestDirectory() {}

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        create();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        remove();
    }

    /** For a test class that shares one. */
    public void create() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "ad");
    }

    /** What {@link #create} has made, and who lives in it. */
    public void remove() throws IOException {
        // Again, since one that ends may have started another meanwhile.
        for (List<ProcessHandle> left = find(this::lives); !left.isEmpty(); left = find(this::lives)) {
            for (ProcessHandle process : left) {
                Processes.kill(process.pid());
            }
        }
        delete(directory);
    }

    /** Deletes a directory and all that is in it. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Its path. */
    public final Path directory() {
        return directory;
    }

    /** The processes, but for zombies and this one, whose command line names this directory. */
    public final List<ProcessHandle> processes() {
        return find(this::isNamedBy);
    }

    /** Those of them that are daemons; not the shell that waits for a start, whose arguments are the daemon's as well. */
    public final List<ProcessHandle> daemons() {
        return find(process -> {
            String command = Processes.commandLine(process.pid());
            boolean daemon = command.contains(".DaemonMain\0") || command.contains("/run.js\0");
            return isNamedBy(process) && daemon && !command.startsWith("/bin/sh");
        });
    }

    private boolean isNamedBy(ProcessHandle process) {
        return Processes.commandLine(process.pid()).contains(directory.toString());
    }

    private boolean lives(ProcessHandle process) {
        return isNamedBy(process) || Processes.environment(process.pid()).contains("XDG_RUNTIME_DIR=" + directory);
    }

    private static List<ProcessHandle> find(Predicate<ProcessHandle> which) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(
                            process -> process.pid() != ProcessHandle.current().pid() && which.test(process))
                    .toList();
        }
    }
}
