package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A program of somebody else's, compiled and packed as they would, and run in processes of its own. */
final class TallyProgram {
    private static final String COMMAND = """
            package tally;

            import io.github.autodaemon.*;
            import java.nio.file.Path;

            public final class TallyCommand {
                public static void main(String[] args) {
                    AutoDaemonBuilder<Tally> builder = AutoDaemon.of(Tally.class, TallyService.class)
                            .name("tally").socket(Path.of(args[0]));
                    for (int i = 1; i < args.length; i += 2) {
                        switch (args[i]) {
                            case "classPath" -> builder.classPath(args[i + 1]);
                            case "javaHome" -> builder.javaHome(Path.of(args[i + 1]));
                            case "jvmOptions" -> builder.jvmOptions(args[i + 1].split(" "));
                            case "command" -> builder.command(args[i + 1]);
                            default -> System.setProperty(args[i], args[i + 1]);
                        }
                    }
                    AutoDaemon<Tally> daemon;
                    try {
                        daemon = builder.build();
                    } catch (IllegalStateException e) {
                        System.out.println("build: " + e.getMessage());
                        return;
                    }
                    if (System.getProperty("serve") != null) {
                        daemon.createServer().listen();
                        return;
                    }
                    try (Connection<Tally> connection = daemon.connect()) {
                        Tally tally = connection.rpc();
                        System.out.println(tally.pid() + " " + tally.twice(2));
                        System.out.println(tally.mirror(new Tally.Point(1, 2)));
                    } catch (AutoDaemonException | IllegalArgumentException e) {
                        System.out.println("connect: " + e.getMessage());
                    }
                }
            }
            """;

    private static final String INTERFACE = """
            package tally;

            VISIBLE interface Tally {
                record Point(int x, int y) {}

                long pid();

                long add(long n);

                Point mirror(Point point);

                default long twice(long n) {
                    add(n);
                    return add(n);
                }
            }
            """;

    private static final String SERVICE = """
            package tally;

            import io.github.autodaemon.*;

            VISIBLE final class TallyService implements Service<Tally> {
                private long sum;

                @Override
                public Tally connected(Client client) {
                    return new Tally() {
                        @Override
                        public long pid() {
                            return ProcessHandle.current().pid();
                        }

                        @Override
                        public long add(long n) {
                            return sum += n;
                        }

                        @Override
                        public Point mirror(Point point) {
                            return new Point(point.y(), point.x());
                        }
                    };
                }
            }
            """;

    /** The main class in a module or on a class path. */
    static final String MAIN = "tally.TallyCommand";

    /** What such a program writes into its module-info.java when all its classes are its own business. */
    static final String OPENS = "opens tally to io.github.autodaemon, com.google.gson;";

    private final Path directory;

    private TallyProgram(Path directory) {
        this.directory = directory;
    }

    /** The end of a process, and what it printed on both of its streams. */
    record Ran(int exitCode, String out) {}

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** A program without a module; nothing of it is public but the main class. */
    static TallyProgram compile(Path directory) throws IOException {
        return new TallyProgram(directory).compiled(false, List.of("-cp", library() + ":" + gson()));
    }

    /** A program that is a module, with these lines in its module-info.java. */
    static TallyProgram module(Path directory, boolean visible, String... lines) throws IOException {
        source(
                directory,
                "module-info",
                "module tally { requires io.github.autodaemon; " + String.join("\n", lines) + "}");
        return new TallyProgram(directory).compiled(visible, List.of("-p", library() + ":" + gson()));
    }

    private TallyProgram compiled(boolean visible, List<String> paths) throws IOException {
        String modifier = visible ? "public" : "";
        source(directory, "TallyCommand", COMMAND);
        source(directory, "Tally", INTERFACE.replace("VISIBLE", modifier));
        source(directory, "TallyService", SERVICE.replace("VISIBLE", modifier));
        javac(directory, paths);
        return this;
    }

    static void source(Path directory, String type, String text) throws IOException {
        Path sources = Files.createDirectories(directory.resolve("src"));
        Files.writeString(sources.resolve(type + ".java"), text);
    }

    /** Compiles what lies in {@code src} into {@code classes}. */
    static void javac(Path directory, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(
                List.of("-proc:none", "-d", directory.resolve("classes").toString()));
        try (Stream<Path> sources = Files.list(directory.resolve("src"))) {
            sources.map(Path::toString).forEach(arguments::add);
        }
        tool("javac", arguments);
    }

    /** The compiled classes. */
    Path classes() {
        return directory.resolve("classes");
    }

    /** A jar of the compiled classes. */
    Path jar(Path file) throws IOException {
        return jar(file, classes());
    }

    static Path jar(Path file, Path classes, String... manifest) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path lines = Files.write(file.resolveSibling("manifest"), List.of(manifest));
        tool("jar", List.of("cfm", file.toString(), lines.toString(), "-C", classes.toString(), "."));
        Files.delete(lines);
        return file;
    }

    static void tool(String name, List<String> arguments) {
        int code = ToolProvider.findFirst(name)
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(new String[0]));
        assertThat(code).as("%s %s", name, arguments).isZero();
    }

    /** The library's classes, as Maven compiled them. */
    static Path library() {
        return origin(AutoDaemon.class);
    }

    static Path gson() {
        return origin(Gson.class);
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts the files of a jar or of a directory into another directory, but for module descriptors and manifests. */
    static void unpack(Path from, Path into) throws IOException {
        if (Files.isDirectory(from)) {
            copy(from, into);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(from)) {
                copy(jar.getPath("/"), into);
            }
        }
    }

    private static void copy(Path from, Path into) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                Path target = into.resolve(name);
                if (!name.endsWith("module-info.class") && !name.startsWith("META-INF")) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Runs a process to its end. */
    static Ran run(Path workingDirectory, Map<String, String> environment, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The one that runs the tests has its class path in there.
        builder.environment().remove("CLASSPATH");
        builder.directory(workingDirectory.toFile()).environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out);
    }
}
