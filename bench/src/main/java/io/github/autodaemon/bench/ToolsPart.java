package io.github.autodaemon.bench;

import io.github.autodaemon.admin.Daemons;
import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.report.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tools that nobody here has written, each command whole: in a JVM of its own, with all that helps such a JVM, and warm. */
final class ToolsPart {
    private static final int WARM_UP = 60;
    private static final List<String> FIRST_COMPILER = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Lab lab;
    private final Programs programs;
    private final Turns turns;
    private final Path work;
    private final Path bin;

    private ToolsPart(Lab lab, Recorder recorder) throws IOException {
        this.lab = lab;
        this.programs = lab.programs();
        this.turns = new Turns(recorder);
        this.work = Files.createDirectory(lab.path("work"));
        this.bin = Files.createDirectory(lab.path("bin"));
    }

    static void measure(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        ToolsPart part = new ToolsPart(lab, recorder);
        try {
            part.formatter();
            part.compiler();
            part.turns.run(1, lab.rounds(20));
        } finally {
            part.end();
        }
    }

    private void formatter() throws IOException, InterruptedException {
        Path file = work.resolve("Invocation.java");
        Files.copy(programs.source("auto-daemon/src/main/java/io/github/autodaemon/Invocation.java"), file);
        Path jar = programs.warmTool("google-java-format.jar");
        List<String> tool = List.of("-jar", jar.toString());
        List<String> args = List.of(file.toString());
        Path script = add("bench-format", tool);
        turns.enter(Rows.COLD_TOOL, measure(Rows.FORMAT, cold(List.of(), tool, args)));
        turns.enter(Rows.FIRST_TOOL, () -> {
            // Whoever starts a daemon afterwards is not to run beside the next command.
            ProcessBuilder first = warm(script, args);
            first.directory(Files.createDirectory(work.resolve("first")).toFile());
            first.environment().put("PATH", withoutStarts());
            return figure(Rows.FORMAT, first);
        });
        turns.enter(Rows.CACHED_TOOL, () -> {
            Path archive = lab.path("archive");
            boolean cache = Programs.jdk() >= 25;
            Timed.run(
                    cold(List.of((cache ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive), tool, args));
            List<String> options = new ArrayList<>(FIRST_COMPILER);
            options.add((cache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
            return figure(Rows.FORMAT, cold(options, tool, args));
        });
        turns.enter(Rows.WARM_TOOL, () -> figure(Rows.FORMAT, warmedUp(script, args)));
        Optional<Nailgun> nailgun = Nailgun.start(lab, jar.toString(), exports());
        if (nailgun.isPresent()) {
            List<String> command = nailgun.get().command("com.google.googlejavaformat.java.Main", file.toString());
            turns.enter(Rows.NAILGUN, () -> {
                for (int i = 0; i < lab.rounds(WARM_UP); i++) {
                    Timed.run(in(Timed.builder(command)));
                }
                return figure(Rows.FORMAT, in(Timed.builder(command)));
            });
        }
    }

    /** What the formatter's jar says in its manifest, which counts only where the jar is run by itself. */
    private static List<String> exports() {
        return Stream.of("api", "code", "file", "parser", "tree", "util")
                .map(name -> "--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED")
                .toList();
    }

    private void compiler() throws IOException, InterruptedException {
        Path file = work.resolve("a.js");
        Files.writeString(file, "function a(b){var c=1;return b+c}\nconsole.log(a(2));\n");
        List<String> tool = List.of("-jar", programs.warmTool("closure.jar").toString());
        List<String> args = List.of("--js", file.toString());
        Path script = add("bench-closure", tool);
        turns.enter(Rows.COLD_TOOL, measure(Rows.CLOSURE, cold(List.of(), tool, args)));
        Path image = programs.nativeClosure();
        turns.enter(Rows.NATIVE_TOOL, () -> {
            List<String> command = new ArrayList<>(List.of(image.toString()));
            command.addAll(args);
            return figure(Rows.CLOSURE, in(Timed.builder(command)));
        });
        turns.enter(Rows.WARM_TOOL, () -> figure(Rows.CLOSURE, warmedUp(script, args)));
    }

    /** The command that autod writes. */
    private Path add(String name, List<String> tool) throws IOException {
        List<String> words = new ArrayList<>(List.of("warm", "add", name, "--out", bin.toString(), "--ci", "--"));
        words.add(Programs.java());
        words.addAll(tool);
        Timed.run(Programs.java(List.of(), programs.autodClassPath(), "io.github.autodaemon.cli.Autod", words));
        return bin.resolve(name);
    }

    /** A search path on which the script finds no flock that lets it go on. */
    private String withoutStarts() throws IOException {
        Path none = Files.createDirectory(lab.path("none"));
        Path flock = none.resolve("flock");
        Files.writeString(flock, "#!/bin/sh\nexit 1\n");
        boolean unused = flock.toFile().setExecutable(true);
        return none + ":" + System.getenv("PATH");
    }

    private ProcessBuilder in(ProcessBuilder builder) {
        return builder.directory(work.toFile());
    }

    private ProcessBuilder cold(List<String> options, List<String> tool, List<String> args) {
        List<String> command = new ArrayList<>(List.of(Programs.java()));
        command.addAll(options);
        command.addAll(tool);
        command.addAll(args);
        return in(Timed.builder(command));
    }

    private ProcessBuilder warm(Path script, List<String> args) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(args);
        ProcessBuilder builder = in(Timed.builder(command));
        builder.environment().remove("AUTODAEMON_FRONT");
        return builder;
    }

    private ProcessBuilder warmedUp(Path script, List<String> args) throws IOException {
        ProcessBuilder start = warm(script, List.of());
        start.environment().put("AUTODAEMON_FRONT", "start");
        Timed.run(start);
        for (int i = 0; i < lab.rounds(WARM_UP); i++) {
            Timed.run(warm(script, args));
        }
        return warm(script, args);
    }

    private static Turns.Preparation measure(String row, ProcessBuilder command) {
        return () -> figure(row, command);
    }

    private static Turns.Measure figure(String row, ProcessBuilder command) {
        return () -> List.of(new Figure(row, "ms", Timed.run(command).total()));
    }

    private void end() {
        Daemons.list().stream()
                .filter(daemon -> daemon.socket().getFileName().toString().startsWith("warm-bench-"))
                .forEach(daemon -> daemon.stop(Lab.PATIENCE));
    }
}
