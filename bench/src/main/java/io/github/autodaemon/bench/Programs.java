package io.github.autodaemon.bench;

import io.github.autodaemon.bench.peer.Driver;
import io.github.autodaemon.bench.peer.RawPeer;
import io.github.autodaemon.bench.peer.TallyPeer;
import io.github.autodaemon.internal.startup.Collector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The command lines of all programs that are measured. */
final class Programs {
    /** What the JVM of a command is given: the floor, the peers and {@code ./counter} alike. */
    static final List<String> COMMAND_FLAGS = with(
            Collector.ofThisJvm().options(),
            "-Xlog:disable",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:Tier3InvocationThreshold=2000",
            "-XX:Tier3MinInvocationThreshold=1000",
            "-XX:Tier3CompileThreshold=2000",
            "-XX:Tier3BackEdgeThreshold=100000",
            "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider");

    /** Where {@code ./counter} keeps its archives. */
    static final Path CACHE = Path.of("bench/target/cache").toAbsolutePath();

    /** What the JVM of a server or of a driver is given; the library gives its daemon the same collector. */
    private static final List<String> SERVER_FLAGS = Collector.SERIAL.options();

    private static final String PEER = "io.github.autodaemon.bench.peer.";
    private static final String PEERS = "io.github.autodaemon.bench.peers.";

    private final Path root;
    private final Path modules;

    Programs(Path root, Path modules) {
        this.root = root;
        this.modules = modules;
    }

    static String java() {
        return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    }

    /** The major version of the JDK. */
    static int jdk() {
        return Runtime.version().feature();
    }

    static List<String> with(List<String> command, String... words) {
        return Stream.concat(command.stream(), Arrays.stream(words)).toList();
    }

    /** The classes of this measurement alone. */
    String bareClassPath() {
        return root.resolve("bench/target/bench.jar").toString();
    }

    private String classPath(Contender contender) throws IOException {
        return switch (contender) {
            case RAW, RAW_HEAP, NPM -> bareClassPath();
            case OURS, LISTENING, SHARED -> ourClassPath();
            case GRPC -> peerClassPath("grpc-", "guava-", "failureaccess-", "gson-", "perfmark-", "protobuf-");
            case LSP4J -> peerClassPath("org.eclipse.lsp4j.", "gson-");
            case RMI -> peerClassPath("junixsocket-");
        };
    }

    String ourClassPath() {
        Path lib = root.resolve("bench/target/lib");
        return bareClassPath() + ":" + lib.resolve("auto-daemon.jar") + ":" + lib.resolve("gson.jar");
    }

    /** Of the command {@code autod}. */
    String autodClassPath() {
        Path lib = root.resolve("bench/target/lib");
        return lib.resolve("auto-daemon-cli.jar") + ":" + lib + "/*";
    }

    /** A tool that the tests keep warm. */
    Path warmTool(String jar) {
        return root.resolve("auto-daemon-warm/target/tools").resolve(jar);
    }

    /** A file of this repository. */
    Path source(String file) {
        return root.resolve(file);
    }

    /** The compiler's native image, as npm has it. */
    Path nativeClosure() {
        return modules.resolve("google-closure-compiler-linux/compiler");
    }

    /** Each peer has only what it needs: a class path costs a start. */
    private String peerClassPath(String... needed) throws IOException {
        Path target = root.resolve("bench/peers/target");
        List<String> jars = new ArrayList<>();
        jars.add(target.resolve("peers.jar").toString());
        jars.add(bareClassPath());
        try (Stream<Path> all = Files.list(target.resolve("lib"))) {
            all.filter(jar -> Arrays.stream(needed)
                            .anyMatch(prefix -> jar.getFileName().toString().startsWith(prefix)))
                    .sorted()
                    .forEach(jar -> jars.add(jar.toString()));
        }
        return String.join(":", jars);
    }

    private List<String> npm(String script, Path socket) {
        return List.of("node", root.resolve("bench/npm").resolve(script).toString(), modules.toString(), socket + "");
    }

    /** What else a peer's own JVM is told, so that it does not warn. */
    private static List<String> flags(Contender contender) {
        String natives = "--enable-native-access=ALL-UNNAMED";
        return switch (jdk() < 24 ? Contender.OURS : contender) {
            case GRPC -> List.of(natives, "--sun-misc-unsafe-memory-access=allow");
            case RMI -> List.of(natives);
            default -> List.of();
        };
    }

    private static List<String> serverFlags(Contender contender) {
        return Stream.concat(SERVER_FLAGS.stream(), flags(contender).stream()).toList();
    }

    /** What the JVM of this one's command is told. */
    static List<String> commandFlags(Contender contender) {
        return Stream.concat(COMMAND_FLAGS.stream(), flags(contender).stream()).toList();
    }

    /** Its server, on this path. */
    List<String> server(Contender contender, Path socket) throws IOException {
        String main =
                switch (contender) {
                    case NPM -> "";
                    case OURS, LISTENING, SHARED -> PEER + "TallyServer";
                    case RAW, RAW_HEAP -> PEER + "Raw";
                    case GRPC -> PEERS + "Grpc$Server";
                    case LSP4J -> PEERS + "Lsp4j$Server";
                    case RMI -> PEERS + "Rmi$Server";
                };
        if (contender == Contender.NPM) {
            return npm("server.js", socket);
        }
        return java(serverFlags(contender), classPath(contender), main, List.of(socket.toString()));
    }

    /** A client of that server that does what it is told. */
    List<String> driver(Contender contender, Path socket) throws IOException {
        String peer =
                switch (contender) {
                    case NPM -> "";
                    case OURS -> TallyPeer.class.getName();
                    case LISTENING -> TallyPeer.Listening.class.getName();
                    case SHARED -> TallyPeer.Shared.class.getName();
                    case RAW -> RawPeer.class.getName();
                    case RAW_HEAP -> RawPeer.Heap.class.getName();
                    case GRPC -> PEERS + "Grpc";
                    case LSP4J -> PEERS + "Lsp4j";
                    case RMI -> PEERS + "Rmi";
                };
        if (contender == Contender.NPM) {
            return npm("driver.js", socket);
        }
        return java(
                serverFlags(contender), classPath(contender), Driver.class.getName(), List.of(peer, socket.toString()));
    }

    /** A command that makes one call of that server, before its flags and its archive. */
    Launch command(Contender contender, Path socket) throws IOException {
        String main =
                switch (contender) {
                    case GRPC -> PEERS + "Grpc";
                    case LSP4J -> PEERS + "Lsp4j";
                    case RMI -> PEERS + "Rmi";
                    case RAW -> PEER + "RawCommand";
                    default -> throw new IllegalArgumentException(contender.words());
                };
        return new Launch(classPath(contender), main, List.of(socket.toString(), "1"));
    }

    List<String> npmCommand(Path socket, String... words) {
        return with(npm("cmd.js", socket), words);
    }

    Path counter() {
        return root.resolve("counter");
    }

    List<String> counter(Path socket, String... words) {
        return with(List.of(counter().toString(), "--socket", socket.toString()), words);
    }

    /** The directory of the archives of a start script. */
    static Path archives(Path script) {
        return Path.of(CACHE + "/auto-daemon" + script + java());
    }

    /** What {@code bench/run} makes of a file of {@code bench/src/main/c}, or unpacks beside that. */
    Path tool(String name) {
        return root.resolve("bench/target/c").resolve(name);
    }

    static List<String> java(List<String> flags, String classPath, String main, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(args);
        return command;
    }
}
