package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node process that prints lines. */
final class NodeProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String END = "\0end";

    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private NodeProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    static NodeProcess start(Path directory, Path script, List<String> args) {
        try {
            List<String> command = new ArrayList<>(List.of("node", script.toString()));
            command.addAll(args);
            Path errors = Files.createTempFile(directory, "node", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(directory.toFile()).redirectError(errors.toFile());
            builder.environment().put("NODE_PATH", NpmPackages.modules().toString());
            NodeProcess started = new NodeProcess(builder.start(), errors);
            Thread reader = new Thread(started::read, "node-output");
            reader.setDaemon(true);
            reader.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // A process that was ended breaks its pipe; what it printed until then counts.
            assert !process.isAlive();
        } finally {
            lines.add(END);
        }
    }

    /** The next line it prints. */
    String line() {
        String line = next();
        assertThat(line).as("a line of the script; its errors: %s", errors()).isNotEqualTo(END);
        return line;
    }

    private String next() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line)
                    .as("a line of the script in time; its errors: %s", errors())
                    .isNotNull();
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a script", e);
        }
    }

    /** Lets a script that waits for a line go on. */
    void goOn() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a good end, and returns the lines that were not taken yet. */
    List<String> finish() {
        List<String> rest = new ArrayList<>();
        String line = next();
        while (!line.equals(END)) {
            rest.add(line);
            line = next();
        }
        // Of the process, not of its handle, which may be done before the exit code is known.
        assertThat(process.onExit()).succeedsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(process.exitValue())
                .as("the exit code of the script, which printed %s; its errors: %s", rest, errors())
                .isZero();
        return rest;
    }

    private String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Processes.awaitEnd(process.toHandle());
    }
}
