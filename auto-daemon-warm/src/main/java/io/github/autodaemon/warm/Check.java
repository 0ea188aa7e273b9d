package io.github.autodaemon.warm;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command of a tool cold, and then warm as often as is wanted, each time in a fresh copy of a directory, at the same
 * path; and compares what it wrote, its exit code and the files.
 */
public final class Check {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long MOST = 1L << 30;

    /** What the front becomes in place of the tool's script: it marks that the daemon has not taken the command. */
    private static final String REFUSED = "#!/bin/sh\n: >\"$0.mark\"\n";

    /**
     * The outcome.
     *
     * @param difference what differed, or why no daemon ran the command; null when nothing did
     * @param equal how many warm runs were like the cold one
     * @param cold the time of the cold run
     * @param warm the times of the warm runs
     * @param console whether the tool looks at the console, so that it runs cold in a terminal
     */
    public record Outcome(
            @Nullable String difference, int equal, Duration cold, List<Duration> warm, boolean console) {}

    private record Run(int code, String out, String err, Map<String, String> files, Duration time) {
        private static int mismatch(String one, String other) {
            return Arrays.mismatch(one.toCharArray(), other.toCharArray());
        }

        @Nullable
        String differs(Run other) {
            if (code != other.code) {
                return "the exit code: " + code + " cold, " + other.code + " warm";
            }
            if (!out.equals(other.out)) {
                return "standard output, from byte " + mismatch(out, other.out) + " on";
            }
            if (!err.equals(other.err)) {
                return "standard error, from byte " + mismatch(err, other.err) + " on";
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                if (!file.getValue().equals(other.files.get(file.getKey()))) {
                    return "the file " + file.getKey();
                }
            }
            return other.files.size() == files.size() ? null : "the number of files";
        }
    }

    private final Path directory;
    private final Path copy;
    private final Path outputs;
    private final List<String> args;

    private Check(Path directory, Path scratch, List<String> args) throws IOException {
        this.directory = directory;
        this.copy = Files.createDirectory(scratch.resolve("copy"));
        this.outputs = scratch;
        this.args = args;
    }

    /**
     * Runs it.
     *
     * @param name of the tool
     * @param directory is copied
     * @param args of the command
     * @param runs how many warm runs, at least one
     * @throws IllegalArgumentException when there is no such tool, or the directory is too large to be copied
     */
    public static Outcome run(String name, Path directory, List<String> args, int runs)
            throws IOException, InterruptedException {
        Path script = WarmTools.find(name, PATIENCE).script();
        return run(name, script, WarmTools.state(name), directory, args, runs);
    }

    /** As above, of a tool with this script and directory of what is known about it. */
    static Outcome run(String name, Path script, Path state, Path directory, List<String> args, int runs)
            throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("autod-check");
        try {
            return new Check(directory.toRealPath(), scratch.toRealPath(), args)
                    .run(name, script.toString(), state, runs);
        } finally {
            delete(scratch, true);
        }
    }

    private Outcome run(String name, String script, Path state, int runs) throws IOException, InterruptedException {
        Run cold = command(List.of(script), Map.of("AUTODAEMON_FRONT", "off"));
        Run again = command(List.of(script), Map.of("AUTODAEMON_FRONT", "off"));
        String changes = cold.differs(again);
        if (changes != null) {
            return new Outcome(
                    "the tool does not do the same twice, and cannot be compared: "
                            + changes.replace("warm", "cold again"),
                    0,
                    cold.time,
                    List.of(),
                    false);
        }
        Path stamp = state.resolve((copy + "/").replace('/', '%') + ".stamp");
        Path refused = outputs.resolve("refused");
        Files.writeString(refused, REFUSED);
        Files.setPosixFilePermissions(refused, PosixFilePermissions.fromString("rwx------"));
        List<Duration> times = new ArrayList<>();
        String difference = null;
        int equal = 0;
        try {
            start(script);
            Knowledge knowledge = Knowledge.of(state);
            while (times.size() < runs && difference == null) {
                if (!Files.exists(stamp)) {
                    difference = "no daemon could be started: "
                            + knowledge
                                    .lastCold()
                                    .map(why -> why.lines().toList().get(2))
                                    .orElse("?") + "; "
                            + state.resolve("log") + " has more";
                    break;
                }
                String before = knowledge.lastCold().orElse("");
                Run warm = command(
                        List.of(state.resolve("front").toString(), stamp.toString(), refused.toString()), Map.of());
                if (Files.exists(Path.of(refused + ".mark"))) {
                    String after = knowledge.lastCold().orElse("");
                    difference = after.equals(before)
                            ? "the daemon was gone; `autod why` says more"
                            : String.valueOf(after.lines().toList().get(2));
                } else {
                    difference = cold.differs(warm);
                    times.add(warm.time);
                    equal += difference == null ? 1 : 0;
                    if (knowledge.has(Knowledge.BYPASSES)) {
                        difference = WarmProgram.BYPASSED;
                    }
                }
            }
            return new Outcome(difference, equal, cold.time, times, knowledge.has(Knowledge.CONSOLE));
        } finally {
            stopDaemons(name);
            Files.deleteIfExists(stamp);
            Files.deleteIfExists(Path.of(stamp + ".lock"));
        }
    }

    /** Starts the daemon, and waits for that. */
    private void start(String script) throws IOException, InterruptedException {
        Process process = process(List.of(script), Map.of("AUTODAEMON_FRONT", "start"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
    }

    private void stopDaemons(String name) {
        for (Daemon daemon : Daemons.list(PATIENCE)) {
            if (Starter.isOf(name, daemon) && WarmTools.directory(daemon).equals(copy.toString())) {
                boolean unused = daemon.stop(PATIENCE);
            }
        }
    }

    private ProcessBuilder process(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(copy.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AUTODAEMON_FRONT"));
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        return builder;
    }

    private Run command(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        delete(copy, false);
        copy(directory, copy);
        List<String> words = new ArrayList<>(command);
        words.addAll(args);
        File out = outputs.resolve("out").toFile();
        File err = outputs.resolve("err").toFile();
        long began = System.nanoTime();
        int code = process(words, environment)
                .redirectOutput(out)
                .redirectError(err)
                .start()
                .waitFor();
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        return new Run(code, text(out), text(err), sums(copy), time);
    }

    /** A character for each byte. */
    private static String text(File file) throws IOException {
        return Files.readString(file.toPath(), StandardCharsets.ISO_8859_1);
    }

    private static void copy(Path from, Path to) throws IOException {
        long[] left = {MOST};
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes facts) throws IOException {
                Path target = to.resolve(from.relativize(path));
                if (!Files.isDirectory(target)) {
                    Files.createDirectory(target);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes facts) throws IOException {
                if (facts.isOther()) {
                    return FileVisitResult.CONTINUE;
                }
                left[0] -= facts.size();
                if (left[0] < 0) {
                    throw new IllegalArgumentException(
                            from + " has more than a gigabyte, too much to be copied; name a smaller directory");
                }
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        LinkOption.NOFOLLOW_LINKS,
                        StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path directory, boolean itself) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (itself || !file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Map<String, String> sums(Path directory) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                String mode =
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
                String sum = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? sum(file) : "";
                sums.put(directory.relativize(file).toString(), mode + " " + sum);
            }
        }
        return sums;
    }

    private static String sum(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The median of some times. */
    public static Duration median(List<Duration> times) {
        List<Duration> sorted = times.stream().sorted().toList();
        return sorted.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(sorted.get(sorted.size() / 2).toNanos());
    }
}
