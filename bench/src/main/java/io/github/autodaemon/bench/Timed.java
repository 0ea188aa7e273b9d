package io.github.autodaemon.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One run of a command, timed from outside.
 *
 * @param first milliseconds until its first byte of output; all of them when there was none
 * @param total milliseconds until its process was gone
 */
record Timed(double first, double total, String out) {
    /** A process with the JDK of this one. Commands of ours run in a JVM of their own, unless the front is measured. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        builder.environment().put("XDG_CACHE_HOME", Programs.CACHE.toString());
        builder.environment().put("AUTODAEMON_FRONT", "off");
        return builder;
    }

    static Timed run(List<String> command) throws IOException {
        return run(builder(command));
    }

    static Timed run(ProcessBuilder builder) throws IOException {
        Path errors = Files.createTempFile("bench", ".err");
        try {
            long began = System.nanoTime();
            Process process = builder.redirectError(errors.toFile()).start();
            InputStream in = process.getInputStream();
            byte[] head = in.readNBytes(1);
            long first = System.nanoTime();
            byte[] rest = in.readAllBytes();
            int code = process.waitFor();
            long ended = System.nanoTime();
            String out = new String(head, StandardCharsets.UTF_8) + new String(rest, StandardCharsets.UTF_8);
            if (code != 0) {
                throw new IOException(String.join(" ", builder.command()) + ": exit code " + code + ": " + out
                        + Files.readString(errors).lines().limit(3).toList());
            }
            return new Timed((head.length == 0 ? ended : first) / 1e6 - began / 1e6, (ended - began) / 1e6, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(errors);
        }
    }
}
