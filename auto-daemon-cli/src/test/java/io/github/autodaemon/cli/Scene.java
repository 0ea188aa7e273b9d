package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.TestDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A directory for one test that is its runtime directory, so that the command finds the daemons of that test only, and no command
 * stops a daemon of whoever runs the tests.
 */
final class Scene extends TestDirectory {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final List<Process> processes = new ArrayList<>();

    /** What a command did. */
    record Ran(int code, String out, String err) {}

    @Override
    public void create() throws IOException {
        super.create();
        Files.createDirectory(
                home(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Override
    public void remove() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly();
            Processes.awaitEnd(process.pid());
        }
        super.remove();
    }

    /** The default directory for sockets. */
    Path home() {
        return directory().resolve("auto-daemon");
    }

    Path socket(String name) {
        return home().resolve(name + ".sock");
    }

    /** A description of a desk in the default directory, as a program with this environment would make it. */
    AutoDaemonBuilder<Desk> desk(String name) {
        return AutoDaemon.of(Desk.class, DeskService.class)
                .socket(socket(name))
                .environment(Map.of(
                        "XDG_RUNTIME_DIR", directory().toString(), "PATH", System.getenv("PATH"), "SECRET", "xyzzy"));
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
        builder.environment().put("XDG_RUNTIME_DIR", directory().toString());
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
        Path err = Files.createTempFile(directory(), "err", "");
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
        Path root = Files.createDirectories(directory().resolve("root"));
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
