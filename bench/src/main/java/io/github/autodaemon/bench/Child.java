package io.github.autodaemon.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server or a driver: a process that says that it is ready, answers lines with lines, and ends when its input does. */
final class Child implements AutoCloseable {
    private static final int START_SECONDS = 30;
    private static final int ANSWER_SECONDS = 120;
    private static final int END_SECONDS = 20;
    private static final String READY = "ready ";

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final long pid;

    /** Starts it and waits until it is ready. */
    Child(String name, List<String> command, Path log) throws IOException {
        this.name = name;
        this.log = log;
        this.process = Timed.builder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        this.out = process.inputReader();
        this.in = process.outputWriter();
        try {
            String line = line(START_SECONDS);
            while (!line.startsWith(READY)) {
                line = line(START_SECONDS);
            }
            pid = Long.parseLong(line.substring(READY.length()));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The process that serves, which need not be the one that was started. */
    long pid() {
        return pid;
    }

    /** What it answers to a line: figures. */
    double[] ask(String question) throws IOException {
        in.write(question + "\n");
        in.flush();
        String answer = line(ANSWER_SECONDS);
        if (answer.startsWith("failed")) {
            throw new IOException(name + ": " + question + ": " + answer);
        }
        return Arrays.stream(answer.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** One that does not answer is ended, which ends the wait. */
    private String line(int seconds) throws IOException {
        CompletableFuture<Void> overdue = new CompletableFuture<Void>()
                .completeOnTimeout(null, seconds, TimeUnit.SECONDS)
                .thenRun(process::destroyForcibly);
        try {
            String line = out.readLine();
            if (line == null) {
                throw new IOException(name + " said nothing more" + tail());
            }
            return line;
        } finally {
            overdue.cancel(false);
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "" : ": " + String.join(" | ", lines.subList(0, Math.min(3, lines.size())));
    }

    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // It has gone already.
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
