package io.github.autodaemon;

import io.github.autodaemon.internal.call.Codecs;
import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.call.MethodPlan;
import io.github.autodaemon.internal.call.RemoteCalls;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.Mode;
import io.github.autodaemon.internal.daemon.InProcess;
import io.github.autodaemon.internal.daemon.ServiceFactory;
import io.github.autodaemon.internal.daemon.ServiceServer;
import io.github.autodaemon.internal.fs.LogFile;
import io.github.autodaemon.internal.fs.LogFollower;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.Commands;
import io.github.autodaemon.internal.launch.ConnectFailure;
import io.github.autodaemon.internal.launch.Connector;
import io.github.autodaemon.internal.launch.Control;
import io.github.autodaemon.internal.launch.Fingerprint;
import io.github.autodaemon.internal.launch.Target;
import io.github.autodaemon.internal.launch.Targets;
import io.github.autodaemon.internal.net.HeadStart;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.server.History;
import io.github.autodaemon.internal.server.LaunchContext;
import io.github.autodaemon.internal.server.Reason;
import io.github.autodaemon.internal.startup.Archive;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The description of a daemon: which service it runs, where it listens, when it leaves. {@link #connect()} starts the
 * daemon when it does not run. Immutable; any thread may use this object. Keep a description in a constant:
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
    private static final InvocationHandler NOBODY = new InvocationHandler() {
        @Override
        public Object invoke(Object proxy, Method method, Object[] given) {
            throw new IllegalStateException("nobody calls this");
        }
    };

    private final DaemonConfig config;
    private final @Nullable Class<T> api;
    private final @Nullable InterfacePlan plan;
    private final Map<String, MethodPlan> names;
    private final @Nullable Codecs codecs;
    private final Targets targets;

    AutoDaemon(
            DaemonConfig config,
            @Nullable Consumer<ProcessHandle> onSpawn,
            @Nullable Class<T> api,
            @Nullable InterfacePlan plan,
            Map<String, MethodPlan> names,
            @Nullable Codecs codecs) {
        this.config = config;
        this.api = api;
        this.plan = plan;
        this.names = names;
        this.codecs = codecs;
        this.targets = new Targets(config, onSpawn);
    }

    /**
     * Describes a daemon.
     *
     * @param api the interface that clients call
     * @param service the class of the service that runs in the daemon; it has a constructor without parameters
     * @throws IllegalArgumentException when the interface cannot be called from another process; names the method.
     *     {@link AutoDaemonBuilder#build()} checks whether the arguments and results of its methods can be carried
     */
    public static <T> AutoDaemonBuilder<T> of(Class<T> api, Class<? extends Service<T>> service) {
        HeadStart.begin();
        return new AutoDaemonBuilder<>(api, InterfacePlan.of(api), Map.of(), service);
    }

    /**
     * Describes a daemon whose methods are known by name only, such as one that is written in JavaScript.
     *
     * @param methods names; a name that ends in {@code ":s"} is a stream method's
     * @throws IllegalArgumentException when a name is empty or comes twice
     */
    public static AutoDaemonBuilder<Rpc> dynamic(String... methods) {
        HeadStart.begin();
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
     * Describes a daemon that runs a program's commands.
     *
     * @param program has a constructor without parameters; it may be a {@link Service} as well, whose interface another
     *     description names
     */
    public static AutoDaemonBuilder<Rpc> program(Class<? extends Program> program) {
        HeadStart.begin();
        return new AutoDaemonBuilder<>(Rpc.class, null, Map.of(), program);
    }

    /**
     * Runs one command of the {@link Program} in the daemon, as the process that was called: starts the daemon first if
     * none serves, passes on this process's standard streams and signals, and returns when the command has ended.
     * Where the daemon cannot run it as this process would, such as in another mount namespace, and with
     * {@code AUTODAEMON=off}, the program runs in this process. Any failure to do so is a line on standard error.
     *
     * <p>Does not return when the command ended by a signal, or when nobody reads standard output any more: the process
     * ends in the same way. Meant for a {@code main} method that does nothing else.
     *
     * @param args the arguments, as the user gave them
     * @return the exit code; 1 when the command was not run, and 125 when the connection was lost, or the daemon did not
     *     answer in time, so that it may have run
     */
    public int run(String... args) {
        return Commands.run(config, args, new Commands.Source() {
            private @Nullable LogFollower follower;

            @Override
            public ClientSession daemon() {
                Reached reached = reach(true, false, Hello.Role.COMMAND);
                if (reached == null) {
                    throw new IllegalStateException("a connect that may start the daemon gave nothing");
                }
                follower = reached.follower();
                return reached.session();
            }

            @Override
            public void closed() {
                LogFollower following = follower;
                if (following != null) {
                    following.close();
                }
            }

            @Override
            public @Nullable Fingerprint fingerprint() throws IOException {
                return targets.fingerprint();
            }

            @Override
            public ClientSession inProcess() throws IOException, InterruptedException {
                ClientSession session = InProcess.connect(
                        currentPath(),
                        config,
                        Hello.Role.COMMAND,
                        targets.fingerprint(),
                        AutoDaemon.this::createServiceServer);
                if (session == null) {
                    throw new IllegalStateException("a service in this process was to be made");
                }
                return session;
            }
        });
    }

    /**
     * Connects to the daemon, and starts it first if none serves; exactly once, however many clients connect at the
     * same moment.
     *
     * @throws StartFailedException when the daemon could not be started; has the cause, the exit code and the end of
     *     the log
     * @throws UnreachableException when the listener at the socket does not answer or is no daemon, or when the timeout
     *     has passed; nothing was deleted
     * @throws IncompatibleException when another service runs at the socket and could not be replaced
     */
    public Connection<T> connect() {
        Connection<T> connection = connect(true, false);
        if (connection == null) {
            throw new IllegalStateException("a connect that may start the daemon gave nothing");
        }
        return connection;
    }

    /**
     * Connects to the daemon if it runs; starts no daemon.
     *
     * @return empty when no daemon serves
     * @throws UnreachableException as {@link #connect()} does
     * @throws IncompatibleException when another service runs at the socket; that service is not replaced
     */
    public Optional<Connection<T>> connectIfRunning() {
        return Optional.ofNullable(connect(false, false));
    }

    /**
     * Ends the daemon through a method of the service, such as {@code close}: connects to the daemon that serves,
     * whatever its class path, JVM, options, arguments and version, and runs {@code how}, which calls the method.
     * Starts and replaces no daemon. A connection that ends before the answer is the wanted end.
     *
     * @param how calls the method, and waits for its end; not run when no daemon serves
     * @return false when no daemon serves
     * @throws RemoteException when the method throws, or when the service has no such method
     * @throws UnreachableException as {@link #connect()} does
     */
    public boolean end(Consumer<? super T> how) {
        Connection<T> running = connect(false, true);
        if (running == null) {
            return false;
        }
        try (running) {
            how.accept(running.rpc());
            return true;
        } catch (ConnectionLostException e) {
            // The daemon has gone, or was about to leave.
            return true;
        }
    }

    private @Nullable Connection<T> connect(boolean wanted, boolean any) {
        Reached reached = reach(wanted, any, Hello.Role.CLIENT);
        return reached == null
                ? null
                : new Connection<>(this, reached.session(), reached.spawned(), reached.follower(), !wanted);
    }

    /** A daemon that was reached; {@code follower} follows its log, if that is wanted. */
    private record Reached(
            ClientSession session,
            @Nullable ProcessHandle spawned,
            @Nullable LogFollower follower) {}

    /** With {@code any}, every daemon that serves fits. */
    private @Nullable Reached reach(boolean wanted, boolean any, Hello.Role role) {
        SocketPath socket = any ? currentPath() : socketPath();
        Mode mode = config.mode();
        boolean mayStart = wanted && mode != Mode.NOSPAWN;
        LogFollower follower = null;
        try {
            if (config.debug() && mode != Mode.OFF) {
                socket.prepareDirectory();
                follower = new LogFollower(socket.log(), Math.max(0, LogFile.touch(socket.log())));
                follower.start();
            }
            ClientSession session;
            ProcessHandle spawned = null;
            if (mode == Mode.OFF) {
                session = InProcess.connect(
                        currentPath(),
                        config,
                        role,
                        any ? null : targets.fingerprint(),
                        mayStart ? this::createServiceServer : null);
            } else {
                prepareProxy();
                Connector.Connected connected = Connector.connect(
                        any ? targets.any(socket) : targets.target(socket, place(), mayStart),
                        role,
                        TimeUnit.MILLISECONDS.toNanos(config.timeoutMillis()));
                session = connected == null ? null : connected.session();
                Archive.giveUpIfRefused();
                spawned = connected == null ? null : connected.spawned();
            }
            SocketPath reached = session == null ? null : session.place();
            if (follower != null && reached != null && !reached.path().equals(socket.path())) {
                follower.close();
                follower = new LogFollower(reached.log(), spawned == null ? LogFile.touch(reached.log()) : 0);
                follower.start();
            }
            if (session == null) {
                if (wanted) {
                    throw nobody(socket, mayStart);
                }
                return null;
            }
            session.errorFirst(config.errorFirst());
            Reached reachedDaemon = new Reached(session, spawned, follower);
            follower = null;
            return reachedDaemon;
        } catch (ConnectFailure e) {
            throw Targets.publicly(e, socket);
        } catch (IOException e) {
            throw new UnreachableException(PrivateFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutoDaemonException("interrupted while connecting to the daemon at " + socket, e);
        } finally {
            if (follower != null) {
                follower.close();
            }
        }
    }

    private static UnreachableException nobody(SocketPath socket, boolean mayStart) {
        return new UnreachableException(
                "no daemon serves " + socket + ", and "
                        + (mayStart
                                ? "this description has neither a service class nor a command to start one"
                                : Mode.forbiddenBy() + " forbids to start one"),
                null);
    }

    /**
     * Asks the daemon for its status. Starts no daemon, keeps none alive, and is no user of it.
     *
     * @return empty when no daemon serves
     * @throws UnreachableException when the listener at the socket does not answer or is no daemon of this library
     */
    public Optional<DaemonStatus> status() {
        SocketPath socket = currentPath();
        Map<?, ?> status;
        if (config.mode() == Mode.OFF) {
            ServiceServer server = InProcess.server(socket);
            status = server == null ? null : server.server().status();
        } else {
            try {
                status = Control.status(targets.any(socket), TimeUnit.MILLISECONDS.toNanos(config.timeoutMillis()));
            } catch (ConnectFailure e) {
                throw Targets.publicly(e, socket);
            }
        }
        return status == null ? Optional.empty() : Optional.of(DaemonStatus.of(status));
    }

    /**
     * Stops the daemon, and returns when its process is gone: the daemon accepts no connection from now on and ends
     * each connection when its running calls are over, or after {@link AutoDaemonBuilder#drain} at the latest. Starts
     * no daemon.
     *
     * @param patience how long to wait; should exceed the drain time
     * @return false when no daemon serves
     * @throws UnreachableException when the daemon does not answer, or is still there when the time is over
     */
    public boolean stop(Duration patience) {
        return stop(patience, false);
    }

    /**
     * Stops the daemon as {@link #stop} does, and ends its process if it does not answer or is still there when the
     * time is over. A process is ended only if its process id and start time prove that it is this daemon.
     *
     * @return false when no daemon serves
     * @throws UnreachableException when there was no process that may be ended
     */
    public boolean kill(Duration patience) {
        return stop(patience, true);
    }

    private boolean stop(Duration patience, boolean kill) {
        SocketPath socket = currentPath();
        try {
            if (config.mode() == Mode.OFF) {
                ServiceServer server = InProcess.server(socket);
                if (server == null) {
                    return false;
                }
                server.drain(Reason.closed());
                server.gone().get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            }
            Target target = targets.any(socket);
            return kill
                    ? Control.kill(
                            target,
                            Targets.starter(),
                            patience.toNanos(),
                            (process, why) -> History.killed(socket, process, why))
                    : Control.stop(target, Targets.starter(), patience.toNanos());
        } catch (ConnectFailure e) {
            throw Targets.publicly(e, socket);
        } catch (TimeoutException | ExecutionException e) {
            throw new UnreachableException("the service in this process at " + socket + " did not end: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutoDaemonException("interrupted while stopping the daemon at " + socket, e);
        }
    }

    /** Makes the class of the proxies, which takes as long as the head start of the sockets. */
    private void prepareProxy() {
        Class<T> type = api;
        if (plan != null && type != null) {
            Object unused = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, NOBODY);
        }
    }

    T rpc(Connection<T> connection) {
        return rpc(connection, config.callTimeoutMillis());
    }

    @SuppressWarnings("unchecked") // A dynamic description is an AutoDaemon<Rpc>.
    T rpc(Connection<T> connection, long timeoutMillis) {
        Class<T> type = api;
        InterfacePlan methods = plan;
        if (methods == null || type == null) {
            return (T) new RemoteCalls.Dynamic(
                    names, new RemoteCalls(InterfacePlan.NONE.with(codecs), connection.source(), timeoutMillis));
        }
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                new RemoteCalls(methods, connection.source(), timeoutMillis));
    }

    /**
     * Makes a server of the service in this process, to run the service in the foreground; the server does not listen
     * yet.
     *
     * @throws IllegalStateException when the description has no service class
     * @throws IllegalArgumentException when the service cannot be made
     */
    public Server createServer() {
        return createServiceServer();
    }

    private ServiceServer createServiceServer() {
        String service = config.service();
        if (service == null) {
            throw new IllegalStateException("this description has no service class");
        }
        try {
            Class<T> interfaceType = api;
            ClassLoader theirs = interfaceType == null ? null : interfaceType.getClassLoader();
            Class<?> type = theirs == null ? Class.forName(service) : Class.forName(service, true, theirs);
            return createServer(ServiceFactory.instantiate(type), type);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException("the service " + service + " cannot be made: " + e, e);
        }
    }

    /** Makes a server of this service object, in this process; the server does not listen yet. */
    public Server createServer(Service<T> service) {
        return createServer(service, service.getClass());
    }

    private ServiceServer createServer(Object service, Class<?> type) {
        InterfacePlan methods = plan;
        if (methods == null) {
            Class<?> declared = InterfacePlan.declaredBy(type);
            if (declared == null && service instanceof Program) {
                methods = InterfacePlan.NONE;
            } else if (declared == null) {
                throw new IllegalArgumentException(type.getName() + " does not say which interface it serves");
            } else {
                methods = InterfacePlan.of(declared).with(codecs);
            }
        }
        try {
            return ServiceServer.of(service, methods, config, socketPath(), LaunchContext.foreground(Targets::report));
        } catch (IOException e) {
            throw new UnreachableException("a server cannot be made: " + PrivateFiles.reason(e), e);
        }
    }

    /**
     * The path of the daemon's socket; {@link Connection#socket()} has the path of a daemon
     * {@linkplain AutoDaemonBuilder#beside beside} another.
     */
    public Path socket() {
        return socketPath().path();
    }

    /** The path of the log of a daemon at {@link #socket()}. */
    public Path log() {
        return socketPath().log();
    }

    private Target.@Nullable Place place() {
        if (config.socket() != null) {
            return null;
        }
        return new Target.Place() {
            @Override
            public @Nullable SocketPath other(SocketPath socket) throws IOException {
                return socket.other(config.name());
            }
        };
    }

    /** The path of this description's own daemon, if it has one beside another; else the shared path. */
    private SocketPath currentPath() {
        SocketPath socket = socketPath();
        try {
            Fingerprint fingerprint = config.exclusive() ? null : targets.fingerprint();
            SocketPath beside = fingerprint == null ? null : socket.beside(fingerprint.digest());
            boolean there = config.mode() == Mode.OFF
                    ? config.otherwise() == DaemonConfig.Otherwise.BESIDE
                    : beside != null && UnixSocket.isServed(beside);
            return there && beside != null ? beside : socket;
        } catch (IOException e) {
            throw new UnreachableException(String.valueOf(e.getMessage()), e);
        }
    }

    private SocketPath socketPath() {
        try {
            Path chosen = config.socket();
            return chosen == null ? UnixSocket.named(config.name()) : SocketPath.at(chosen);
        } catch (IOException e) {
            throw new UnreachableException(PrivateFiles.reason(e), e);
        }
    }
}
