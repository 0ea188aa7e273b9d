package io.github.autodaemon.warm;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.testing.TestDirectory;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.objectweb.asm.ClassWriter;

/** A tool, its script and a directory for its commands. */
final class WarmScene extends TestDirectory {
    /** What a process did; output is a character for each byte. */
    record Ran(int code, String out, String err) {}

    private boolean inCi;

    private static final String COLD = "#!/bin/sh\necho COLD\nexit 125\n";

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        super.beforeEach(context);
        for (String name : List.of("work", "bin", "run", "lib")) {
            Files.createDirectory(
                    directory().resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.createDirectories(
                state(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(cold(), COLD);
        Files.setPosixFilePermissions(cold(), PosixFilePermissions.fromString("rwx------"));
        jar(jar(), WarmScene.where(Play.class), name -> name.startsWith("io/github/autodaemon/warm/Play"), Play.class);
    }

    Path state() {
        return directory().resolve("cache/auto-daemon-warm/play");
    }

    Path work() {
        return directory().resolve("work");
    }

    Path jar() {
        return directory().resolve("play.jar");
    }

    Path script() {
        return directory().resolve("bin/play");
    }

    private Path cold() {
        return directory().resolve("bin/cold");
    }

    static Path where(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Jars, since a daemon with directories on its class path has no stamp. */
    private List<Path> ours() throws Exception {
        List<Path> jars = new ArrayList<>();
        for (Class<?> type : List.of(WarmProgram.class, AutoDaemon.class, ClassWriter.class)) {
            Path file = where(type);
            if (Files.isDirectory(file)) {
                Path jar = directory().resolve("lib/" + type.getSimpleName() + ".jar");
                jar(jar, file, name -> true, null);
                file = jar;
            }
            jars.add(file);
        }
        return jars;
    }

    private static void jar(Path jar, Path classes, Predicate<String> which, @Nullable Class<?> main)
            throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        if (main != null) {
            manifest.getMainAttributes().putValue("Main-Class", main.getName());
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString();
                if (which.test(name)) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
        }
    }

    static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /** Writes the script. */
    WarmScene tool(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("java"));
        words.addAll(List.of(options));
        words.addAll(List.of("-jar", jar().toString()));
        return write(words);
    }

    /** The script works where CI=true, too. */
    WarmScene inCi() {
        inCi = true;
        return this;
    }

    /** Writes the script of another tool than the usual one. */
    WarmScene write(List<String> words) throws Exception {
        JavaCommandLine tool = JavaCommandLine.parse(words, Path.of(java()));
        Files.writeString(script(), Script.of("play", state(), tool, ours(), inCi));
        Files.setPosixFilePermissions(script(), PosixFilePermissions.fromString("rwx------"));
        return this;
    }

    ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(work().toFile());
        Map<String, String> environment = builder.environment();
        String path = environment.get("PATH");
        environment.clear();
        environment.put("PATH", path);
        environment.put("HOME", directory().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LANG", "C.UTF-8");
        environment.put("XDG_RUNTIME_DIR", directory().resolve("run").toString());
        environment.put("XDG_CACHE_HOME", directory().resolve("cache").toString());
        return builder;
    }

    Ran run(ProcessBuilder builder, String input) throws Exception {
        File out = Files.createTempFile(directory(), "out", "").toFile();
        File err = Files.createTempFile(directory(), "err", "").toFile();
        Process process = builder.redirectOutput(out).redirectError(err).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It does not read.
            assert process.pid() > 0;
        }
        return new Ran(
                process.waitFor(),
                Files.readString(out.toPath(), StandardCharsets.ISO_8859_1),
                Files.readString(err.toPath(), StandardCharsets.ISO_8859_1));
    }

    /** The command as the user runs it, without and with daemons. */
    ProcessBuilder command(boolean warm, String... args) {
        List<String> words = new ArrayList<>(List.of(script().toString()));
        words.addAll(List.of(args));
        ProcessBuilder builder = process(words);
        if (!warm) {
            builder.environment().put("AUTODAEMON_FRONT", "off");
        }
        return builder;
    }

    /** The command in the daemon of the stamp, or else a word and 125. */
    ProcessBuilder front(String... args) {
        List<String> words = new ArrayList<>(
                List.of(state().resolve("front").toString(), stamp(work()).toString(), cold().toString()));
        words.addAll(List.of(args));
        return process(words);
    }

    Path stamp(Path where) {
        return state().resolve((where + "/").replace('/', '%') + ".stamp");
    }

    /** Starts the daemon for the directory of the commands, as after a cold command. */
    void start() throws Exception {
        start(command(true));
    }

    void start(ProcessBuilder like) throws Exception {
        like.environment().put("AUTODAEMON_FRONT", "start");
        Ran ran = run(like, "");
        if (ran.code() != 0) {
            throw new AssertionError(ran.toString());
        }
    }

    Ran cold(String input, String... args) throws Exception {
        return run(command(false, args), input);
    }

    Ran warm(String input, String... args) throws Exception {
        return run(front(args), input);
    }

    void awaitFile(String name) throws InterruptedException {
        while (!Files.exists(work().resolve(name))) {
            Thread.sleep(5);
        }
    }

    long daemon() {
        return daemons().get(0).pid();
    }

    void awaitNoDaemon() throws InterruptedException {
        while (!daemons().isEmpty()) {
            Thread.sleep(5);
        }
    }
}
