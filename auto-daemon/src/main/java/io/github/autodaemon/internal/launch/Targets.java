package io.github.autodaemon.internal.launch;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.IncompatibleException;
import io.github.autodaemon.StartFailedException;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.fs.Printable;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.fs.Token;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes targets from a description. */
public final class Targets {
    private static final int MAX_COMMAND = 300;
    private static final Consumer<String> REPORT = new Consumer<>() {
        @Override
        public void accept(String line) {
            report(line);
        }
    };

    private final DaemonConfig config;
    private final @Nullable Consumer<ProcessHandle> onSpawn;

    public Targets(DaemonConfig config, @Nullable Consumer<ProcessHandle> onSpawn) {
        this.config = config;
        this.onSpawn = onSpawn;
    }

    /** The daemon of the description. */
    public Target target(SocketPath socket, Target.@Nullable Place place, boolean mayStart) throws IOException {
        boolean starts = mayStart && (config.service() != null || config.command() != null);
        Fingerprint fingerprint = fingerprint();
        return new Target(
                socket,
                place,
                fingerprint,
                config.otherwise(),
                config.exclusive(),
                starts ? launcher(fingerprint) : null,
                config.allowRoot(),
                config.limits(),
                config.remoteStacks(),
                onSpawn,
                REPORT);
    }

    private Target.Launcher launcher(@Nullable Fingerprint fingerprint) {
        return new Target.Launcher() {
            @Override
            public Launch launch(SocketPath socket, StartOrder.Role role, String why, long millis) {
                return Targets.this.launch(socket, role, fingerprint, why, millis);
            }
        };
    }

    /** Any daemon at the socket. */
    public Target any(SocketPath socket) {
        return any(socket, config.allowRoot(), config.limits(), onSpawn);
    }

    public static Target any(
            SocketPath socket, boolean allowRoot, Limits limits, @Nullable Consumer<ProcessHandle> onSpawn) {
        return new Target(
                socket,
                null,
                null,
                DaemonConfig.Otherwise.FAIL,
                false,
                null,
                allowRoot,
                limits,
                false,
                onSpawn,
                REPORT);
    }

    public static void report(String line) {
        System.err.println("auto-daemon: " + Printable.of(line));
    }

    @Nullable
    public Fingerprint fingerprint() throws IOException {
        String service = config.service();
        if (service == null) {
            return null;
        }
        Path home = config.javaHome();
        String classPath = config.classPath();
        return new Fingerprint(
                service,
                config.args(),
                classPath == null ? ownPath() : classPath,
                home == null ? Path.of(System.getProperty("java.home", "")) : home,
                config.jvmOptions(),
                config.environment(),
                config.compared(),
                Version.CURRENT);
    }

    private static String ownPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        return modules.isEmpty() || classes.isEmpty()
                ? modules + classes
                : modules + java.io.File.pathSeparator + classes;
    }

    private Launch launch(
            SocketPath socket, StartOrder.Role role, @Nullable Fingerprint fingerprint, String why, long millis) {
        List<String> command = config.command();
        if (command != null) {
            return Launches.command(command, config, socket);
        }
        StartOrder order = new StartOrder(
                config,
                role,
                Token.next(),
                socket.toString(),
                ProcessIdentity.ownPid(),
                starter(),
                why,
                fingerprint == null ? null : fingerprint.digest(),
                fingerprint == null ? null : fingerprint.details(),
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis),
                null);
        return Launches.java(order, socket, fingerprint == null ? null : fingerprint.classesDigest());
    }

    /**
     * This program, for the first line of the daemon's log: its main class and arguments, as the Java launcher recorded
     * them.
     */
    public static String starter() {
        String command = System.getProperty("sun.java.command", "").strip();
        String shown = command.length() > MAX_COMMAND ? command.substring(0, MAX_COMMAND) + "..." : command;
        return "pid " + ProcessIdentity.ownPid() + (shown.isEmpty() ? "" : " (" + shown + ")");
    }

    /** Turns an internal failure into a public exception. */
    public static AutoDaemonException publicly(ConnectFailure failure, SocketPath socket) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case UNREACHABLE -> new UnreachableException(message, failure.getCause());
            case START -> {
                String log = failure.log();
                yield new StartFailedException(
                        message, failure.exitCode(), log == null ? socket.log() : Path.of(log), failure.tail());
            }
            case INCOMPATIBLE -> new IncompatibleException(message);
            case INTERRUPTED -> new AutoDaemonException(message, failure.getCause());
        };
    }
}
