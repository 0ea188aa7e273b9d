package io.github.autodaemon.warm;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the script of a warm tool runs beside a command that ran cold: starts the daemon that the next command of this kind
 * (directory, umask, locale, variables that the tool reads) will find, and has the library write its stamp.
 */
public final class Starter {
    private static final int DAEMONS_PER_TOOL = 3;
    private static final double MEMORY_FOR_ALL = 0.25;
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String PREFIX = "warm-";

    private final String name;
    private final Path state;
    private final String main;
    private final String shown;
    private final String classPath;
    private final List<String> options;

    private Starter(String name, Path state, String main, String shown, String classPath, List<String> options) {
        this.name = name;
        this.state = state;
        this.main = main;
        this.shown = shown;
        this.classPath = classPath;
        this.options = options;
    }

    /**
     * Starts it.
     *
     * @param args why the command ran cold; the tool's name, its directory, its main class, how a JVM names it, its class
     *     path, the options of its JVM
     */
    public static void main(String[] args) {
        Starter starter = new Starter(
                args[1],
                Path.of(args[2]),
                args[3],
                args[4],
                args[5],
                Arrays.asList(args).subList(6, args.length));
        try {
            starter.start(args[0]);
        } catch (IOException | URISyntaxException | AutoDaemonException e) {
            System.err.println(args[1] + ": no daemon was started: " + e.getMessage());
            System.exit(1);
        }
    }

    private void start(String why) throws IOException, URISyntaxException {
        Path here = Path.of(System.getProperty("user.dir", "/"));
        Knowledge knowledge = Knowledge.of(state);
        String daemon = PREFIX + name + "-" + identity(here, knowledge.learnt());
        if (!isRunning(daemon)) {
            knowledge.cold(here, "no daemon ran for this directory and environment", began());
            makeRoom(daemon);
        } else if (!why.isEmpty()) {
            knowledge.cold(here, why, began());
        }
        int code = describe(daemon, here).run();
        if (code != 0) {
            throw new IOException("its log is " + Daemons.socketOf(daemon) + ".log");
        }
    }

    /** The script touches the file of its lock then. */
    private static FileTime began() throws IOException {
        Path lock = Path.of(System.getProperty("autodaemon.stamp", "") + ".lock");
        return Files.exists(lock) ? Files.getLastModifiedTime(lock) : FileTime.from(Instant.now());
    }

    private static boolean isRunning(String daemon) {
        Path socket = Daemons.socketOf(daemon);
        return Files.exists(socket) && Daemons.at(socket, PATIENCE).isRunning();
    }

    private AutoDaemon<Rpc> describe(String daemon, Path here) throws IOException, URISyntaxException {
        Tool tool = new Tool(
                here.toString(),
                state.toString(),
                main,
                shown,
                classPath,
                options.stream().anyMatch(option -> option.startsWith("-Djava.awt.headless=")),
                Tool.base(System.getenv()));
        String ours = where(WarmProgram.class) + ":" + where(AutoDaemon.class);
        List<String> jvm = new ArrayList<>();
        jvm.add("-javaagent:" + agent() + "=" + where(WarmProgram.class) + ":"
                + where(org.objectweb.asm.ClassWriter.class));
        // As in the tool's own JVM, where the library would say something else.
        jvm.add("-Dfile.encoding=" + Charset.defaultCharset());
        for (String property : List.of("stdout.encoding", "stderr.encoding")) {
            String value = System.getProperty(property);
            if (value != null) {
                jvm.add("-D" + property + "=" + value);
            }
        }
        if (options.stream().noneMatch(Starter::isOfHeap)) {
            // With the small heap of a daemon most tools collect several times in each command.
            jvm.addAll(List.of("-Xms48m", "-Xmn32m"));
        }
        jvm.addAll(options);
        return AutoDaemon.program(WarmProgram.class)
                .name(daemon)
                .args(tool.toArgs().toArray(new String[0]))
                .classPath(classPath.isEmpty() ? ours : classPath + ":" + ours)
                .jvmOptions(jvm.toArray(new String[0]))
                .workingDirectory(here)
                .inheritUmask(true)
                .idleTimeout(IDLE)
                // A thread of the tool that goes on keeps no process.
                .exitOnClose(true)
                .build();
    }

    private static boolean isOfHeap(String option) {
        return option.startsWith("-Xm")
                || option.matches("-XX:\\+Use.*GC")
                || option.contains("HeapSize")
                || option.contains("NewSize")
                || option.contains("RAM");
    }

    private static Path where(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The agent as a file of this user's. */
    private Path agent() throws IOException {
        try (InputStream resource = Starter.class.getResourceAsStream("agent.jar")) {
            if (resource == null) {
                throw new IOException("this jar has no agent");
            }
            byte[] bytes = resource.readAllBytes();
            Path file = state.resolve("agent.jar");
            if (!Files.exists(file) || !Arrays.equals(bytes, Files.readAllBytes(file))) {
                Path made = Files.createTempFile(state, "agent", ".new");
                Files.write(made, bytes);
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return file;
        }
    }

    /** What makes a daemon another one. */
    private static String identity(Path here, Set<String> learnt) throws IOException {
        Map<String, String> variables = new TreeMap<>();
        for (String variable : learnt) {
            String value = System.getenv(variable);
            if (value != null) {
                variables.put(variable, value);
            }
        }
        String umask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Umask:"))
                .findFirst()
                .orElse("");
        return Tool.digest(here + "\0" + umask + "\0" + Tool.base(System.getenv()) + "\0" + variables);
    }

    /** Stops the daemons that were used longest ago: of this tool, and of all tools while they take too much memory. */
    private void makeRoom(String daemon) {
        List<Daemon> all = new ArrayList<>(Daemons.list(PATIENCE).stream()
                .filter(one -> isWarm(one) && one.isRunning() && !one.socket().equals(Daemons.socketOf(daemon)))
                .sorted(Comparator.comparing(Starter::leavesIn))
                .toList());
        List<Daemon> own = all.stream().filter(one -> isOf(name, one)).toList();
        for (int i = 0; i <= own.size() - DAEMONS_PER_TOOL; i++) {
            stop(own.get(i));
            all.remove(own.get(i));
        }
        long most = (long) (MEMORY_FOR_ALL * memory());
        long taken = all.stream().mapToLong(one -> one.memory().orElse(0)).sum();
        for (Daemon one : all) {
            if (taken <= most) {
                break;
            }
            stop(one);
            taken -= one.memory().orElse(0);
        }
    }

    /** True for daemons of warm tools. */
    static boolean isWarm(Daemon daemon) {
        return daemon.socket().getFileName().toString().startsWith(PREFIX);
    }

    /** True for daemons of this tool. */
    static boolean isOf(String tool, Daemon daemon) {
        String file = daemon.socket().getFileName().toString();
        return file.startsWith(PREFIX + tool + "-") && file.indexOf('-', PREFIX.length() + tool.length() + 1) < 0;
    }

    /** Each has the same time to live, from its last command on. */
    private static Duration leavesIn(Daemon daemon) {
        return daemon.status().flatMap(status -> status.details().leavesIn()).orElse(IDLE);
    }

    private static void stop(Daemon daemon) {
        try {
            boolean unused = daemon.stop(PATIENCE);
        } catch (AutoDaemonException e) {
            // It runs a command, say; it leaves by itself.
            System.err.println(daemon.name() + " was not stopped: " + e.getMessage());
        }
    }

    private static long memory() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            return Long.MAX_VALUE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
