package io.github.autodaemon.warm;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tools of this user that are kept warm. Any thread may use this class. */
public final class WarmTools {
    private static final String SETTINGS = "tool";
    private static final int OLDEST = 17;

    private WarmTools() {}

    /**
     * A tool that is kept warm.
     *
     * @param name the name of its command
     * @param script the command
     * @param command what the command runs
     * @param daemons the daemons that run for it
     */
    public record Warm(String name, Path script, String command, List<Daemon> daemons) {}

    /**
     * Writes the command of a tool.
     *
     * @param name the name of the command
     * @param out where it is written; null for {@code ~/.local/bin}
     * @param javaHome the Java installation; null for the one that {@code command} names
     * @param inCi whether it is kept warm where {@code CI=true}, too
     * @param command the tool, as it is run without this
     * @return the written command
     * @throws IllegalArgumentException when the tool cannot be kept warm, or the name is none; says why
     * @throws IOException when it cannot be written
     */
    public static Path add(String name, @Nullable Path out, @Nullable Path javaHome, boolean inCi, List<String> command)
            throws IOException {
        checkName(name);
        JavaCommandLine tool = JavaCommandLine.parse(
                command, javaHome == null ? null : javaHome.toAbsolutePath().resolve("bin/java"));
        checkJava(tool.java());
        Path script = (out == null ? home().resolve(".local/bin") : out.toAbsolutePath()).resolve(name);
        if (Files.exists(script) && !isOurs(script)) {
            throw new IOException(script + " exists, and is no command of a warm tool; choose another name, or --out");
        }
        Path state = root().resolve(name);
        createPrivate(state);
        Path parent = script.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        write(script, Script.of(name, state, tool, ours(), inCi), "rwxr-xr-x");
        write(
                state.resolve(SETTINGS),
                script + "\n"
                        + String.join(
                                " ", tool.cold().stream().map(Script::quoted).toList()) + "\n",
                "rw-------");
        return script;
    }

    private static void checkName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,39}")) {
            throw new IllegalArgumentException("\"" + name
                    + "\" is no name for a command: letters, digits, and _ . + - behind the first, 40 at most");
        }
    }

    /** Asks the JVM, since a file beside it may be missing. */
    private static void checkJava(Path java) throws IOException {
        Process process = new ProcessBuilder(java.toString(), "-XshowSettings:properties", "-version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String version = text.lines()
                .filter(line -> line.strip().startsWith("java.specification.version = "))
                .map(line -> line.replaceFirst(".*= ", "").strip())
                .findFirst()
                .orElse("");
        if (!version.matches("\\d+") || Integer.parseInt(version) < OLDEST) {
            throw new IllegalArgumentException(java + " is " + (version.isEmpty() ? "no JVM" : "Java " + version)
                    + "; a tool is kept warm by Java " + OLDEST + " or later (--java-home)");
        }
    }

    /** The tools, by name. */
    public static List<Warm> list(Duration patience) throws IOException {
        if (!Files.isDirectory(root())) {
            return List.of();
        }
        List<Daemon> daemons = Daemons.list(patience);
        List<Warm> tools = new ArrayList<>();
        try (Stream<Path> all = Files.list(root())) {
            for (Path state : all.sorted().toList()) {
                Path settings = state.resolve(SETTINGS);
                if (Files.exists(settings)) {
                    List<String> lines = Files.readAllLines(settings);
                    String name = String.valueOf(state.getFileName());
                    tools.add(new Warm(
                            name,
                            Path.of(lines.get(0)),
                            lines.get(1),
                            daemons.stream()
                                    .filter(one -> one.isRunning() && Starter.isOf(name, one))
                                    .toList()));
                }
            }
        }
        return tools;
    }

    /**
     * Removes a tool's command, stops its daemons and forgets what is known of it.
     *
     * @throws IllegalArgumentException when there is none of this name
     * @throws IOException when its command is another's now, or cannot be removed
     */
    public static Warm remove(String name, Duration patience) throws IOException {
        Warm tool = find(name, patience);
        if (Files.exists(tool.script())) {
            if (!isOurs(tool.script())) {
                throw new IOException(tool.script() + " is no command of a warm tool any more; it was left alone");
            }
            Files.delete(tool.script());
        }
        tool.daemons().forEach(daemon -> daemon.stop(patience));
        try (Stream<Path> files = Files.walk(root().resolve(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return tool;
    }

    /**
     * The tool of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Warm find(String name, Duration patience) throws IOException {
        for (Warm tool : list(patience)) {
            if (tool.name().equals(name)) {
                return tool;
            }
        }
        throw new IllegalArgumentException(
                "no tool \"" + name + "\" is kept warm; `autod warm list` names those that are");
    }

    /**
     * When (an instant), where (a directory) and why a command of the tool last ran cold, a line each; empty when none did.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public static Optional<List<String>> why(String name, Duration patience) throws IOException {
        find(name, patience);
        return Knowledge.of(root().resolve(name)).lastCold().map(text -> text.lines()
                .toList());
    }

    /** The directory that a daemon of a tool serves; empty when it is not known any more. */
    public static String directory(Daemon daemon) {
        try {
            return daemon.pid().isPresent()
                    ? Files.readSymbolicLink(Path.of("/proc/" + daemon.pid().getAsLong() + "/cwd"))
                            .toString()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The directory of what is kept about a tool. */
    static Path state(String name) throws IOException {
        return root().resolve(name);
    }

    /** Where this library is. */
    static List<Path> ours() throws IOException {
        try {
            List<Path> files = new ArrayList<>();
            for (Class<?> type : List.of(WarmTools.class, AutoDaemon.class, org.objectweb.asm.ClassWriter.class)) {
                files.add(Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI()));
            }
            return files;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static boolean isOurs(Path script) throws IOException {
        try (Stream<String> lines = Files.lines(script, StandardCharsets.ISO_8859_1)) {
            return lines.skip(1).findFirst().orElse("").startsWith(Script.MARK);
        }
    }

    private static Path home() throws IOException {
        String home = System.getenv("HOME");
        if (home == null || !home.startsWith("/")) {
            throw new IOException("HOME names no directory");
        }
        return Path.of(home);
    }

    private static Path root() throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path above = cache == null || !cache.startsWith("/") ? home().resolve(".cache") : Path.of(cache);
        // Beside the archives: whoever makes room there knows no other files.
        return above.resolve("auto-daemon-warm");
    }

    private static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void write(Path file, String text, String mode) throws IOException {
        Path made = Files.createTempFile(file.getParent(), ".auto-daemon", "");
        Files.writeString(made, text);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
