package io.github.autodaemon;

import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.client.ConnectFailure;
import io.github.autodaemon.internal.client.Connector;
import io.github.autodaemon.internal.client.Launch;
import io.github.autodaemon.internal.client.Target;
import io.github.autodaemon.internal.rpc.Json;
import io.github.autodaemon.internal.socket.LogFile;
import io.github.autodaemon.internal.socket.SocketPath;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A daemon, described: which service it runs, where it listens, when it leaves. {@link #connect()} starts it when it
 * does not run. Immutable; any thread may use it. Make one a constant:
 *
 * <pre>{@code
 * static final AutoDaemon<Counter> COUNTER =
 *         AutoDaemon.of(Counter.class, CounterService.class).name("counter").build();
 *
 * try (Connection<Counter> c = COUNTER.connect()) {
 *     System.out.println(c.rpc().add(2));
 * }
 * }</pre>
 *
 * @param <T> the interface that clients call
 */
public final class AutoDaemon<T> {
    private final Options options;
    private final @Nullable Class<T> api;
    private final @Nullable InterfacePlan plan;
    private final Map<String, MethodPlan> names;

    AutoDaemon(Options options, @Nullable Class<T> api, @Nullable InterfacePlan plan, Map<String, MethodPlan> names) {
        this.options = options;
        this.api = api;
        this.plan = plan;
        this.names = names;
    }

    /**
     * Describes a daemon.
     *
     * @param api the interface that clients call
     * @param service what runs in the daemon; it has a constructor without parameters
     * @throws IllegalArgumentException when the interface cannot be called from another process; names the method
     */
    public static <T> AutoDaemonBuilder<T> of(Class<T> api, Class<? extends Service<T>> service) {
        return new AutoDaemonBuilder<>(api, InterfacePlan.of(api), Map.of(), service);
    }

    /**
     * Describes a daemon whose methods are known by name only, such as one that is written in JavaScript.
     *
     * @param methods names; one that ends in {@code ":s"} is a stream method
     * @throws IllegalArgumentException when a name is empty or comes twice
     */
    public static AutoDaemonBuilder<Rpc> dynamic(String... methods) {
        Map<String, MethodPlan> names = new LinkedHashMap<>();
        for (String method : methods) {
            int colon = method.indexOf(':');
            String name = colon < 0 ? method : method.substring(0, colon);
            boolean stream = colon >= 0 && method.substring(colon).equals(":s");
            MethodPlan.Kind kind = stream ? MethodPlan.Kind.STREAM : MethodPlan.Kind.BLOCKING;
            MethodPlan plan = new MethodPlan(null, name, kind, Object.class, List.of(), false);
            if (name.isEmpty() || names.put(name, plan) != null) {
                throw new IllegalArgumentException("the method name \"" + method + "\" is empty or comes twice");
            }
        }
        return new AutoDaemonBuilder<>(Rpc.class, null, names, null);
    }

    /**
     * Connects to the daemon, and starts it first if nobody serves; once, however many ask at the same moment.
     *
     * @throws StartFailedException when it could not be started; has the cause, the exit code and the end of the log
     * @throws UnreachableException when somebody is at the socket who does not answer or is no daemon, or when the time
     *     is over; nothing was deleted
     * @throws IncompatibleException when another service runs there and could not be replaced
     */
    public Connection<T> connect() {
        Connection<T> connection = connect(true);
        if (connection == null) {
            throw new IllegalStateException("a connect that may start the daemon gave nothing");
        }
        return connection;
    }

    /**
     * Connects to the daemon if it runs; starts nothing.
     *
     * @return empty when nobody serves
     * @throws UnreachableException as {@link #connect()} does
     * @throws IncompatibleException when another service runs there; it is not replaced
     */
    public Optional<Connection<T>> connectIfRunning() {
        return Optional.ofNullable(connect(false));
    }

    private @Nullable Connection<T> connect(boolean mayStart) {
        SocketPath socket = socketPath();
        boolean starts = mayStart && (options.service() != null || options.command() != null);
        Target target = new Target(
                socket,
                options.service(),
                options.args(),
                starts ? () -> launch(socket) : null,
                options.limits(),
                options.onSpawn(),
                line -> System.err.println("auto-daemon: " + line));
        LogFollower follower = null;
        try {
            if (options.debug()) {
                socket.prepareDirectory();
                follower = new LogFollower(socket.log(), LogFile.prepare(socket.log()));
                follower.start();
            }
            Connector.Connected connected =
                    Connector.connect(target, options.timeout().toNanos());
            if (connected == null) {
                if (mayStart) {
                    throw new UnreachableException(
                            "no daemon serves " + socket + ", and this description has neither a service class nor a"
                                    + " command to start one",
                            null);
                }
                return null;
            }
            ClientSession session = connected.session();
            session.errorFirst(options.errorFirst());
            Connection<T> connection = new Connection<>(rpc(session), session, connected.spawned(), follower);
            follower = null;
            return connection;
        } catch (ConnectFailure e) {
            throw publicly(e);
        } catch (IOException e) {
            throw new UnreachableException(String.valueOf(e.getMessage()), e);
        } finally {
            if (follower != null) {
                follower.close();
            }
        }
    }

    @SuppressWarnings("unchecked") // A dynamic description is an AutoDaemon<Rpc>.
    private T rpc(ClientSession session) {
        Class<T> type = api;
        InterfacePlan methods = plan;
        if (methods == null || type == null) {
            return (T) new RemoteCalls.Dynamic(names, new RemoteCalls(InterfacePlan.NONE, session));
        }
        return (T)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new RemoteCalls(methods, session));
    }

    private AutoDaemonException publicly(ConnectFailure failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case UNREACHABLE -> new UnreachableException(message, failure.getCause());
            case START -> new StartFailedException(message, failure.exitCode(), log(), failure.tail());
            case INCOMPATIBLE -> new IncompatibleException(message);
            case INTERRUPTED -> new AutoDaemonException(message, failure.getCause());
        };
    }

    private Launch launch(SocketPath socket) {
        List<String> command = options.command();
        if (command != null) {
            return Launches.command(command, options, socket);
        }
        String nonce = UUID.randomUUID().toString();
        Map<String, @Nullable Object> description = description().toMap();
        description.put("nonce", nonce);
        description.put("socket", socket.toString());
        description.put("startedBy", ProcessHandle.current().pid());
        description.put("drainMillis", options.drain().toMillis());
        description.put("patienceMillis", options.timeout().toMillis());
        return Launches.java(Json.text(description), nonce, options, socket);
    }

    private Description description() {
        String service = options.service();
        if (service == null) {
            throw new IllegalStateException("this description has no service class");
        }
        Class<T> type = plan == null ? null : api;
        return options.description(service, type == null ? null : type.getName());
    }

    /**
     * Makes a server of the service in this process, which does not listen yet: for running it in the foreground.
     *
     * @throws IllegalStateException when the description has no service class
     * @throws IllegalArgumentException when the service cannot be made
     */
    public Server createServer() {
        Description description = description();
        try {
            Class<?> type = Class.forName(description.service());
            return createServer(DaemonMain.instantiate(type), description, type);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException("the service " + description.service() + " cannot be made: " + e, e);
        }
    }

    /** Makes a server of this service object, in this process; it does not listen yet. */
    public Server createServer(Service<T> service) {
        return createServer(service, options.description(service.getClass().getName(), null), service.getClass());
    }

    private Server createServer(Service<?> service, Description description, Class<?> type) {
        InterfacePlan methods = plan;
        if (methods == null) {
            Class<?> declared = InterfacePlan.declaredBy(type);
            if (declared == null) {
                throw new IllegalArgumentException(type.getName() + " does not say which interface it serves");
            }
            methods = InterfacePlan.of(declared);
        }
        try {
            return Server.of(
                    service, methods, description, socketPath(), line -> System.err.println("auto-daemon: " + line));
        } catch (IOException e) {
            throw new UnreachableException("a server cannot be made: " + e.getMessage(), e);
        }
    }

    /** Where the daemon listens. */
    public Path socket() {
        return socketPath().path();
    }

    /** Where the daemon's log is. */
    public Path log() {
        return socketPath().log();
    }

    private SocketPath socketPath() {
        try {
            Path chosen = options.socket();
            return chosen == null ? SocketPath.named(options.name()) : SocketPath.at(chosen);
        } catch (IOException e) {
            throw new UnreachableException(String.valueOf(e.getMessage()), e);
        }
    }
}
