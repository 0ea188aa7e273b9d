package io.github.autodaemon.examples.notes;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Notes in a directory of its own, with an index and the daemon that this starts. */
final class Desk implements AutoCloseable {
    private final Path home = Files.createTempDirectory(Path.of("/tmp"), "nt");
    private final Map<Long, ProcessHandle> daemons = new ConcurrentHashMap<>();
    private Class<? extends NotesService> service = NotesService.class;
    final Path notes = Files.createDirectory(home.resolve("notes")).toRealPath();

    Desk() throws IOException {}

    /** What a command did. */
    record Outcome(int code, String out, String err) {}

    Path home() {
        return home;
    }

    Path index() {
        return home.resolve("index");
    }

    Path socket() {
        return home.resolve("s");
    }

    Path write(String name, String text) throws IOException {
        Path file = notes.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Runs the command; the daemon is one of its own. */
    Outcome run(String... words) {
        return runAt(socket(), words);
    }

    /** Runs the command, and lets it write there; what it writes is not known. */
    Outcome runInto(Path out, String... words) {
        List<String> args = new ArrayList<>(List.of("--socket", socket().toString(), "--index", index().toString()));
        args.addAll(List.of(words));
        return ended(start(ProcessBuilder.Redirect.to(out.toFile()), args.toArray(String[]::new)));
    }

    /** Runs the command with another daemon on the same index. */
    Outcome runAt(Path socket, String... words) {
        List<String> args = new ArrayList<>(List.of("--socket", socket.toString(), "--index", index().toString()));
        args.addAll(List.of(words));
        Outcome outcome = runRaw(args.toArray(String[]::new));
        daemonAt(socket).connectIfRunning().ifPresent(connection -> {
            try (connection) {
                long pid = connection.pid().orElseThrow();
                ProcessHandle.of(pid).ifPresent(process -> daemons.put(pid, process));
            }
        });
        return outcome;
    }

    Outcome runRaw(String... args) {
        return ended(start(ProcessBuilder.Redirect.PIPE, args));
    }

    private static Process start(ProcessBuilder.Redirect out, String... args) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NotesCommand.class.getName()));
        command.addAll(List.of(args));
        try {
            return new ProcessBuilder(command).redirectOutput(out).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Both outputs are short. */
    private static Outcome ended(Process process) {
        try {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), out, err);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on the daemon runs this. */
    void serve(Class<? extends NotesService> other) {
        service = other;
    }

    AutoDaemon<Notes> daemon() {
        return daemonAt(socket());
    }

    private AutoDaemon<Notes> daemonAt(Path socket) {
        return AutoDaemon.of(Notes.class, service)
                .socket(socket)
                .args(index().toString())
                .exclusive(true)
                .onSpawn(process -> daemons.put(process.pid(), process))
                .build();
    }

    /** The process that serves. */
    ProcessHandle running() {
        try (Connection<Notes> connection = daemon().connectIfRunning().orElseThrow()) {
            return ProcessHandle.of(connection.pid().orElseThrow()).orElseThrow();
        }
    }

    /** Every daemon that was started is asked to leave, and has to. */
    @Override
    public void close() throws IOException {
        daemon().connectIfRunning().ifPresent(connection -> {
            try (connection) {
                connection.rpc().close();
            }
        });
        daemons.values().forEach(Processes::awaitEnd);
        TestDirectory.delete(home);
    }
}
