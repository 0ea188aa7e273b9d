package io.github.autodaemon.internal.launch;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.IncompatibleException;
import io.github.autodaemon.StartFailedException;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.fs.Printable;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.fs.Token;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a description means to the part that connects and starts. */
public final class Targets {
    private static final int MAX_COMMAND = 300;
    private static final Consumer<String> REPORT = new Consumer<>() {
        @Override
        public void accept(String line) {
            report(line);
        }
    };

    private final Options options;
    private final @Nullable String api;

    public Targets(Options options, @Nullable String api) {
        this.options = options;
        this.api = api;
    }

    /** Whom to connect to. */
    public Target target(SocketPath socket, Target.@Nullable Place place, boolean mayStart) throws IOException {
        boolean starts = mayStart && (options.service() != null || options.command() != null);
        Fingerprint fingerprint = fingerprint();
        return new Target(
                socket,
                place,
                fingerprint,
                options.otherwise(),
                options.exclusive(),
                starts ? launcher(fingerprint) : null,
                options.allowRoot(),
                options.limits(),
                options.remoteStacks(),
                options.onSpawn(),
                REPORT);
    }

    private Target.Launcher launcher(@Nullable Fingerprint fingerprint) {
        return new Target.Launcher() {
            @Override
            public Launch launch(SocketPath socket, Target.Role role, String why, long millis) {
                return Targets.this.launch(socket, role, fingerprint, why, millis);
            }
        };
    }

    /** Whoever serves there will do. */
    public Target any(SocketPath socket) {
        return any(socket, options.allowRoot(), options.limits(), options.onSpawn());
    }

    public static Target any(
            SocketPath socket, boolean allowRoot, Limits limits, @Nullable Consumer<ProcessHandle> onSpawn) {
        return new Target(
                socket, null, null, Target.Otherwise.FAIL, false, null, allowRoot, limits, false, onSpawn, REPORT);
    }

    public static void report(String line) {
        System.err.println("auto-daemon: " + Printable.of(line));
    }

    @Nullable
    public Fingerprint fingerprint() throws IOException {
        String service = options.service();
        if (service == null) {
            return null;
        }
        Path home = options.javaHome();
        String classPath = options.classPath();
        return new Fingerprint(
                service,
                options.args(),
                classPath == null ? ownPath() : classPath,
                home == null ? Path.of(System.getProperty("java.home", "")) : home,
                options.jvmOptions(),
                options.environment(),
                options.compared(),
                Version.CURRENT);
    }

    private static String ownPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        return modules.isEmpty() || classes.isEmpty()
                ? modules + classes
                : modules + java.io.File.pathSeparator + classes;
    }

    public Description description(boolean beside) {
        String service = options.service();
        if (service == null) {
            throw new IllegalStateException("this description has no service class");
        }
        return options.description(service, api, beside);
    }

    private Launch launch(
            SocketPath socket, Target.Role role, @Nullable Fingerprint fingerprint, String why, long millis) {
        List<String> command = options.command();
        if (command != null) {
            return Launches.command(command, options, socket);
        }
        String nonce = Token.next();
        Map<String, @Nullable Object> description =
                description(role == Target.Role.BESIDE).toMap();
        description.put("role", role.name());
        description.put("nonce", nonce);
        description.put("socket", socket.toString());
        description.put("startedBy", ProcessIdentity.ownPid());
        description.put("starter", starter());
        description.put("why", why);
        description.put("digest", fingerprint == null ? null : fingerprint.digest());
        description.put("fingerprint", fingerprint == null ? null : fingerprint.details());
        description.put("drainMillis", options.drain().toMillis());
        // On one machine a clock for all processes (CLOCK_MONOTONIC, clock_gettime(2)), which nobody sets.
        description.put("deadline", System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        description.put("maxLog", options.maxLog());
        return Launches.java(
                description,
                nonce,
                options,
                socket,
                fingerprint == null ? null : fingerprint.classesDigest(),
                role == Target.Role.SUCCESSOR || role == Target.Role.HEIR);
    }

    /** This program, for the first line of the daemon's log: its main class and arguments, as the launcher noted them. */
    public static String starter() {
        String command = System.getProperty("sun.java.command", "").strip();
        String shown = command.length() > MAX_COMMAND ? command.substring(0, MAX_COMMAND) + "..." : command;
        return "pid " + ProcessIdentity.ownPid() + (shown.isEmpty() ? "" : " (" + shown + ")");
    }

    /** Turns a failure inside into what users see. */
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
