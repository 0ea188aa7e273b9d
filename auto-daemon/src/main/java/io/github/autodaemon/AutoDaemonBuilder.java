package io.github.autodaemon;

import io.github.autodaemon.internal.call.Codecs;
import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.call.MethodPlan;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.launch.ConfigCheck;
import io.github.autodaemon.internal.rpc.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of an {@link AutoDaemon}. Only a {@link #name} or a {@link #socket} is required. Not thread-safe.
 *
 * @param <T> the interface that clients call
 */
public final class AutoDaemonBuilder<T> {
    private final @Nullable Class<T> api;
    private final @Nullable InterfacePlan plan;
    private final Map<String, MethodPlan> names;

    private @Nullable String name;
    private @Nullable Path socket;
    private @Nullable Class<?> service;
    private List<String> args = List.of();
    private boolean autoClose;
    private Duration linger = DaemonConfig.DEFAULT_LINGER;
    private @Nullable Duration idle;
    private Duration drain = DaemonConfig.DEFAULT_DRAIN;
    private boolean exitOnClose;
    private boolean exclusive;
    private int concurrency = 1;
    private int queuedCalls = Limits.DEFAULT.queuedCalls();
    private boolean errorFirst;
    private boolean allowRoot;
    private DaemonConfig.Otherwise otherwise = DaemonConfig.Otherwise.REPLACE;
    private boolean spawn = true;
    private boolean inProcess;
    private boolean debug;
    private Duration timeout = DaemonConfig.DEFAULT_TIMEOUT;
    private Duration callTimeout = Duration.ZERO;
    private @Nullable Path javaHome;
    private List<String> jvmOptions = List.of();
    private @Nullable String classPath;
    private @Nullable List<String> command;
    private Path workingDirectory = DaemonConfig.ROOT;
    private boolean inheritUmask;
    private @Nullable Map<String, String> environment;
    private @Nullable Consumer<ProcessHandle> onSpawn;
    private @Nullable Path pidFile;
    private @Nullable Codecs codecs;
    private boolean remoteStacks;
    private long maxLog = DaemonConfig.DEFAULT_MAX_LOG;
    private int maxMessage = Limits.BY_MEMORY;
    private int maxDepth = Limits.DEFAULT.depth();
    private int maxStreams = Limits.DEFAULT.streams();

    AutoDaemonBuilder(
            @Nullable Class<T> api,
            @Nullable InterfacePlan plan,
            Map<String, MethodPlan> names,
            @Nullable Class<?> service) {
        this.api = api;
        this.plan = plan;
        this.names = names;
        this.service = service;
    }

    /**
     * Where the daemon listens, by a name: a socket in this user's runtime directory. Programs that use one name share
     * one daemon.
     */
    public AutoDaemonBuilder<T> name(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a daemon is blank");
        }
        this.name = name;
        return this;
    }

    /**
     * Where the daemon listens, by the path of its socket; at most 106 bytes. The directory must exist, and no other
     * user may be able to replace files in it. Locks and the log are beside the socket.
     */
    public AutoDaemonBuilder<T> socket(Path path) {
        this.socket = path;
        return this;
    }

    /** The service class of a daemon whose methods are called by name; see {@link AutoDaemon#dynamic}. */
    public AutoDaemonBuilder<T> service(Class<? extends Service<?>> type) {
        this.service = type;
        return this;
    }

    /**
     * Extra arguments of the service, which finds them in {@link Client#args()}, at most 48 KiB of them. A daemon with
     * other arguments is replaced.
     */
    public AutoDaemonBuilder<T> args(String... args) {
        this.args = List.of(args);
        return this;
    }

    /** Whether the daemon leaves when no reference is held: no connection, and no {@link Client#ref()}. Off by default. */
    public AutoDaemonBuilder<T> autoClose(boolean on) {
        this.autoClose = on;
        return this;
    }

    /** How long a daemon with {@link #autoClose} waits before it leaves; one second by default. */
    public AutoDaemonBuilder<T> linger(Duration linger) {
        this.linger = DaemonConfig.notNegative(linger, "linger");
        return this;
    }

    /**
     * After how long without a user the daemon leaves: no connection, and no {@link Client#ref()}. Measured on a clock
     * that neither a change of the date nor a suspended machine moves. Zero, the default, is never: a service keeps its
     * state unless an option says otherwise. A daemon that is one of several leaves after three hours unless this is
     * set; see {@link #beside}.
     */
    public AutoDaemonBuilder<T> idleTimeout(Duration time) {
        this.idle = DaemonConfig.notNegative(time, "idle timeout");
        return this;
    }

    /**
     * How long a daemon lets running calls go on before it ends, when it is stopped, gets SIGTERM, or is replaced while
     * {@link #exclusive}; ten seconds by default. {@link Server#close()} has no such bound.
     */
    public AutoDaemonBuilder<T> drain(Duration bound) {
        this.drain = DaemonConfig.notNegative(bound, "drain time");
        return this;
    }

    /**
     * Whether the daemon's process exits when it has left its socket and its last connection is over. Without it the
     * process ends when the service's own threads do; a thread that is no daemon thread and never ends keeps a process
     * without a socket alive. Off by default.
     */
    public AutoDaemonBuilder<T> exitOnClose(boolean on) {
        this.exitOnClose = on;
        return this;
    }

    /**
     * Whether the daemon must be the only one to access an outside resource, such as an index: a successor then starts
     * to serve only when its predecessor has closed its service. When the daemon is replaced, its connections are ended
     * once their running calls are over. Off by default: a successor may serve while the old daemon ends the work of
     * its connections.
     */
    public AutoDaemonBuilder<T> exclusive(boolean on) {
        this.exclusive = on;
        return this;
    }

    /**
     * How many calls run at once, on virtual threads where the JVM has them (21 and later). One by default: then a service
     * needs no locks.
     */
    public AutoDaemonBuilder<T> concurrent(int calls) {
        this.concurrency = DaemonConfig.positive(calls, "concurrent");
        return this;
    }

    /**
     * How many calls of one connection wait in the daemon for their turn; 1,000 by default. Past this number the daemon
     * reads no more from the connection until half of the calls have begun, and the client's calls block
     * (back-pressure).
     */
    public AutoDaemonBuilder<T> maxQueued(int calls) {
        this.queuedCalls = DaemonConfig.positive(calls, "maxQueued");
        return this;
    }

    /**
     * Towards npm: whether a callback's first argument is the error, {@code cb(err, value)}, and not the value. Between
     * two Java sides this option makes no difference.
     */
    public AutoDaemonBuilder<T> errorFirst(boolean on) {
        this.errorFirst = on;
        return this;
    }

    /**
     * Whether the superuser may connect to this daemon, and whether the superuser's client may connect to the daemon of
     * the user that owns the socket's directory. Off by default: then both are refused, like any other user.
     */
    public AutoDaemonBuilder<T> allowRoot(boolean on) {
        this.allowRoot = on;
        return this;
    }

    /**
     * What to do with a running daemon that differs from this description: in its service class, arguments, class path
     * (by the files' paths behind all links, sizes and times of modification), JVM, JVM options, declared environment,
     * any option here about the daemon itself, or the version of this library. By default the daemon is replaced: its
     * successor is started, and when the successor is able to serve the predecessor retires, finishing the work of its
     * clients; a line on standard error says {@code field: a -> b}. The predecessor gives up nothing for a successor
     * that cannot start. Two descriptions that are used in turn each have a daemon soon, as with {@link #beside}. With
     * {@code false} the daemon is left alone, and {@link AutoDaemon#connect()} throws. The last of this option and
     * {@code beside} holds.
     */
    public AutoDaemonBuilder<T> replace(boolean on) {
        this.otherwise = on ? DaemonConfig.Otherwise.REPLACE : DaemonConfig.Otherwise.FAIL;
        return this;
    }

    /**
     * Whether a running daemon that differs from this description goes on, and a daemon of this description is started
     * beside it: one daemon for each class path, JVM, set of arguments and so on, each with its own state. The first
     * daemon is at the description's socket; the socket name of each other daemon ends in its fingerprint. These
     * daemons leave after three hours without a user, unless {@link #idleTimeout} is set. Off by default.
     */
    public AutoDaemonBuilder<T> beside(boolean on) {
        this.otherwise = on ? DaemonConfig.Otherwise.BESIDE : DaemonConfig.Otherwise.REPLACE;
        return this;
    }

    /**
     * Whether {@link AutoDaemon#connect()} may start the daemon; on by default. The environment variable
     * {@code AUTODAEMON=nospawn} forbids it for every program.
     */
    public AutoDaemonBuilder<T> spawn(boolean on) {
        this.spawn = on;
        return this;
    }

    /**
     * Whether the service runs inside this process and no daemon is used at all, for debuggers, containers and CI. The
     * service behaves as in a daemon; its state lives as long as this process. Off by default; the environment variable
     * {@code AUTODAEMON=off} switches this option on for every program.
     */
    public AutoDaemonBuilder<T> inProcess(boolean on) {
        this.inProcess = on;
        return this;
    }

    /** Whether the daemon's output appears on this process's streams too, while the process is connected. */
    public AutoDaemonBuilder<T> debug(boolean on) {
        this.debug = on;
        return this;
    }

    /** How long a {@link AutoDaemon#connect()} may take, starting the daemon included; 30 seconds by default. */
    public AutoDaemonBuilder<T> timeout(Duration timeout) {
        this.timeout = DaemonConfig.positive(timeout);
        return this;
    }

    /** The timeout of each call that has no other timeout; none by default. See {@link Connection#rpc(Duration)}. */
    public AutoDaemonBuilder<T> callTimeout(Duration timeout) {
        this.callTimeout = DaemonConfig.positive(timeout);
        return this;
    }

    /**
     * The Java installation that runs the daemon; this program's own by default. An installation into which the
     * program's modules were linked (jlink) has them; another needs a {@link #classPath} as well.
     */
    public AutoDaemonBuilder<T> javaHome(Path home) {
        this.javaHome = home;
        return this;
    }

    /**
     * Options of the daemon's JVM, such as {@code -Xmx512m}, at most 48 KiB of them; {@code @file} is an argument file.
     * The daemon's JVM has none of this JVM's options.
     */
    public AutoDaemonBuilder<T> jvmOptions(String... options) {
        this.jvmOptions = List.of(options);
        return this;
    }

    /**
     * The daemon's class path, with this library in it; this program's own class path and module path by default.
     * Relative elements start in this program's working directory, not in the daemon's.
     */
    public AutoDaemonBuilder<T> classPath(String path) {
        this.classPath = path;
        return this;
    }

    /**
     * The program to start instead of a JVM with the service class: npm's {@code run.js}, or another launcher. The
     * program gets the arguments {@code --sockfile PATH --autoclose BOOL --exit BOOL -- ARGS...} and has to listen at
     * the path.
     */
    public AutoDaemonBuilder<T> command(String... program) {
        if (program.length == 0) {
            throw new IllegalArgumentException("the command is empty");
        }
        this.command = List.of(program);
        return this;
    }

    /** The daemon's working directory; {@code /} by default, so that it keeps no directory from being removed. */
    public AutoDaemonBuilder<T> workingDirectory(Path directory) {
        this.workingDirectory = directory.toAbsolutePath();
        return this;
    }

    /**
     * Whether the daemon has the umask of its starter, for services that write files as their users' programs would.
     * Without this option the umask is 077: no other user can read the files that the service creates. The library's
     * own files are private in any case. Off by default.
     */
    public AutoDaemonBuilder<T> inheritUmask(boolean on) {
        this.inheritUmask = on;
        return this;
    }

    /**
     * The daemon's whole environment. By default the daemon gets the environment of its starter, without
     * {@code CLASSPATH}, {@code JAVA_TOOL_OPTIONS} and the like, and with {@code MALLOC_ARENA_MAX=2} unless that is
     * set. If no locale or the C locale is declared, the locale is {@code C.UTF-8}: in the C locale the JVM could not
     * open each jar. {@code AUTODAEMON_DAEMON} is added in any case; by this variable a daemon recognizes the processes
     * that its service has started.
     */
    public AutoDaemonBuilder<T> environment(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        return this;
    }

    /** A callback for each process that a connect starts, called before the process serves. */
    public AutoDaemonBuilder<T> onSpawn(Consumer<ProcessHandle> listener) {
        this.onSpawn = listener;
        return this;
    }

    /** Where the daemon writes its process id while it lives; nowhere by default. */
    public AutoDaemonBuilder<T> pidFile(Path file) {
        this.pidFile = file;
        return this;
    }

    /**
     * A codec for values of a type that this library does not know, or carries in another way. The codec holds for the
     * type and its subclasses, wherever they occur: in an argument or a result, in a record, a list, a map, an
     * optional, an array. The daemon makes a codec of the same class.
     *
     * @param codec has a constructor without parameters
     * @throws IllegalArgumentException when the codec cannot be made, when the type or a supertype or subtype of it has
     *     a codec already, or when texts, numbers, lists or maps are of this type
     */
    public <V> AutoDaemonBuilder<T> codec(Class<V> type, Class<? extends Codec<V>> codec) {
        this.codecs = Codecs.and(codecs, type, codec);
        return this;
    }

    /** Whether a {@link RemoteException} has the stack of the service's exception. Off by default. */
    public AutoDaemonBuilder<T> remoteStacks(boolean on) {
        this.remoteStacks = on;
        return this;
    }

    /**
     * The size of the largest call or result, in bytes of JSON; by default 64 MiB or, if that is less, a sixteenth of
     * the heap of the reading process. The smaller limit of the two sides holds: a longer call or result is not sent.
     */
    public AutoDaemonBuilder<T> maxMessage(int bytes) {
        this.maxMessage = DaemonConfig.positive(bytes, "maxMessage");
        return this;
    }

    /**
     * How deep arrays and objects may be nested in a call or result, of which the line that carries the call or result
     * takes two or three; 200 by default. The smaller limit of the two sides holds: a deeper call or result is not
     * sent.
     *
     * @throws IllegalArgumentException when {@code levels} is less than 10, which the library needs, or more than 500,
     *     for which a thread's stack might not suffice
     */
    public AutoDaemonBuilder<T> maxDepth(int levels) {
        if (levels < Limits.LEAST_DEPTH || levels > Json.MOST_DEPTH) {
            throw new IllegalArgumentException("maxDepth(" + levels + "): from " + Limits.LEAST_DEPTH + " to "
                    + Json.MOST_DEPTH + " levels can be allowed");
        }
        this.maxDepth = levels;
        return this;
    }

    /** How many streams may be open on one connection; 1,000 by default. */
    public AutoDaemonBuilder<T> maxStreams(int streams) {
        this.maxStreams = DaemonConfig.positive(streams, "maxStreams");
        return this;
    }

    /**
     * The size in bytes past which the daemon's log begins anew; the old content is kept in a file beside the log. 8
     * MiB by default.
     */
    public AutoDaemonBuilder<T> maxLog(int bytes) {
        this.maxLog = DaemonConfig.positive(bytes, "maxLog");
        return this;
    }

    /**
     * Makes the description.
     *
     * @throws IllegalArgumentException when a method takes or returns a type that cannot be carried, and names the
     *     method and the type; when the name, the arguments, the JVM's options or a variable of the environment are too
     *     long
     * @throws IllegalStateException when neither a name nor a socket is set; when this system has no Unix sockets that
     *     this library knows; when the JVM or the class path of the service class cannot be known, and names the
     *     options that set them
     */
    public AutoDaemon<T> build() {
        if (name == null && socket == null) {
            throw new IllegalStateException("a daemon needs a name(...) or a socket(...)");
        }
        if (exclusive && otherwise == DaemonConfig.Otherwise.BESIDE) {
            throw new IllegalStateException("a service that is exclusive(true) has one daemon, and none beside(true)");
        }
        Limits limits = new Limits(maxMessage, maxDepth, maxStreams, Limits.DEFAULT.streamBuffer(), queuedCalls);
        DaemonConfig config = new DaemonConfig(
                name == null ? String.valueOf(socket) : name,
                socket,
                service == null ? null : service.getName(),
                api == null ? null : api.getName(),
                args,
                autoClose,
                linger.toMillis(),
                idle == null ? null : idle.toMillis(),
                drain.toMillis(),
                exitOnClose,
                exclusive,
                concurrency,
                errorFirst,
                allowRoot,
                otherwise,
                spawn,
                inProcess,
                debug,
                DaemonConfig.millis(timeout),
                DaemonConfig.millis(callTimeout),
                javaHome,
                jvmOptions,
                classPath,
                command,
                workingDirectory,
                inheritUmask,
                environment,
                pidFile == null ? null : pidFile.toAbsolutePath(),
                service == null ? null : service.getModule().getName(),
                maxLog,
                limits,
                codecs == null ? Map.of() : codecs.names(),
                remoteStacks);
        ConfigCheck.checkTexts(config);
        ConfigCheck.checkStart(config, service);
        return new AutoDaemon<>(config, onSpawn, api, plan == null ? null : plan.with(codecs), names, codecs);
    }
}
