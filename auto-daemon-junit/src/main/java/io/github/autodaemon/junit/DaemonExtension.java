package io.github.autodaemon.junit;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Client;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Service;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Gives a test a service of its own and a client that is connected to it:
 *
 * <pre>{@code
 * @RegisterExtension
 * final DaemonExtension<Counter> counter = DaemonExtension.inProcess(Counter.class, CounterService.class);
 *
 * @Test
 * void adds() {
 *     assertEquals(2, counter.rpc().add(2));
 * }
 * }</pre>
 *
 * <p>In a field of the object each test has a fresh service; in a static field the tests of the class share one. The
 * service is made by the first connect and ended after the test. Its socket, and whatever the test puts there, is in a
 * temporary directory, which is deleted then.
 *
 * <p>A test fails when it leaves something behind: a stream, a call, a connection that the extension did not make, a
 * {@link Client#ref() reference}, a process. All of it may end after the test has, within the {@link #patience}. After a
 * test that failed, that is told by a suppressed exception, and what a daemon wrote to its log by another.
 *
 * <p>Immutable but for the test that runs. While it does, any thread may use it.
 *
 * @param <T> the interface that clients call
 */
public final class DaemonExtension<T>
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Setup<T> setup;

    /** The classes that run; several when classes are nested. */
    private final Set<String> classes = new HashSet<>();

    private @Nullable Stage<T> stage;

    private DaemonExtension(Setup<T> setup) {
        this.setup = setup;
    }

    /**
     * The service runs in the process of the test, where a debugger finds it. It is called as in a daemon: in turns, with
     * JSON.
     *
     * @param service has a constructor without parameters
     */
    public static <T> DaemonExtension<T> inProcess(Class<T> api, Class<? extends Service<T>> service) {
        return new DaemonExtension<>(new Setup<>(api, service, true, (builder, directory) -> {}, PATIENCE));
    }

    /**
     * The service runs in a real daemon, with the class path of the test.
     *
     * @param service has a constructor without parameters
     */
    public static <T> DaemonExtension<T> inDaemon(Class<T> api, Class<? extends Service<T>> service) {
        return new DaemonExtension<>(new Setup<>(api, service, false, (builder, directory) -> {}, PATIENCE));
    }

    /**
     * An extension with more options. They are set when the description is first needed in a test, so they may use fields
     * that are set by then. Where the daemon listens, and whether it is one, is not for them to say.
     *
     * @return another extension; this one is as it was
     */
    public DaemonExtension<T> with(Consumer<AutoDaemonBuilder<T>> options) {
        return with((builder, directory) -> options.accept(builder));
    }

    /**
     * As {@link #with(Consumer)}, for options that need the test's {@link #directory()}.
     *
     * @return another extension; this one is as it was
     */
    public DaemonExtension<T> with(BiConsumer<AutoDaemonBuilder<T>, Path> options) {
        return new DaemonExtension<>(setup.with(options));
    }

    /**
     * An extension that waits so long for each thing to end before it takes it for left behind; five seconds by default.
     *
     * @return another extension; this one is as it was
     */
    public DaemonExtension<T> patience(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("the patience is negative: " + patience);
        }
        return new DaemonExtension<>(setup.with(patience));
    }

    /**
     * The service, as the client of the {@link #connection()} calls it.
     *
     * @throws IllegalStateException when no test runs
     * @throws AutoDaemonException as {@link AutoDaemon#connect()} does
     */
    public T rpc() {
        return connection().rpc();
    }

    /**
     * A connection to the service; the same one as long as the test runs, be it open or not. Tests that share a service
     * share it too, unless it has ended.
     *
     * @throws IllegalStateException when no test runs
     * @throws AutoDaemonException as {@link AutoDaemon#connect()} does
     */
    public Connection<T> connection() {
        return stage().connection();
    }

    /**
     * A further connection, that of another client. It is closed after the test, if it is not by then.
     *
     * @throws IllegalStateException when no test runs
     * @throws AutoDaemonException as {@link AutoDaemon#connect()} does
     */
    public Connection<T> connect() {
        return stage().connect();
    }

    /**
     * The description of the service, for programs under test that connect by themselves.
     *
     * @throws IllegalStateException when no test runs
     */
    public AutoDaemon<T> description() {
        return stage().description();
    }

    /**
     * Where the service listens, if it is in a daemon, for programs under test that are told a path.
     *
     * @throws IllegalStateException when no test runs
     */
    public Path socket() {
        return stage().socket();
    }

    /**
     * The temporary directory of the socket, which only this user can enter; canonical. It exists until the service has
     * ended after the test.
     *
     * @throws IllegalStateException when no test runs
     */
    public Path directory() {
        return stage().directory();
    }

    private synchronized Stage<T> stage() {
        Stage<T> now = stage;
        if (now == null) {
            throw new IllegalStateException("there is no " + setup.service().getSimpleName()
                    + " now: it can be used while a test runs, if its DaemonExtension is in a field with"
                    + " @RegisterExtension");
        }
        return now;
    }

    /** Called by JUnit. */
    @Override
    public synchronized void beforeAll(ExtensionContext context) {
        if (classes.isEmpty()) {
            stage = new Stage<>(setup);
        }
        classes.add(context.getUniqueId());
    }

    /** Called by JUnit. */
    @Override
    public void beforeEach(ExtensionContext context) {
        Stage<T> shared;
        synchronized (this) {
            if (classes.isEmpty()) {
                stage = new Stage<>(setup);
                return;
            }
            shared = stage;
        }
        if (shared != null && isAlone(context)) {
            shared.testBegins();
        }
    }

    /**
     * Called by JUnit.
     *
     * @throws AssertionError when the test has left something behind
     */
    @Override
    public void afterEach(ExtensionContext context) {
        Stage<T> ending;
        boolean shares;
        synchronized (this) {
            ending = stage;
            shares = !classes.isEmpty();
            stage = shares ? ending : null;
        }
        if (ending == null) {
            return;
        }
        uninterrupted(() -> {
            if (shares) {
                ending.testEnds(context.getExecutionException());
            } else {
                ending.end(context.getExecutionException(), "the test");
            }
        });
    }

    /**
     * Called by JUnit.
     *
     * @throws AssertionError when the tests of the class have left something behind
     */
    @Override
    public void afterAll(ExtensionContext context) {
        Stage<T> ending;
        synchronized (this) {
            // JUnit calls this even if it did not come to beforeAll.
            if (!classes.remove(context.getUniqueId()) || !classes.isEmpty()) {
                return;
            }
            ending = stage;
            stage = null;
        }
        if (ending != null) {
            uninterrupted(() -> ending.end(context.getExecutionException(), "the tests of the class"));
        }
    }

    /** Of tests that run at the same moment, nobody knows which one has left something behind; the class has. */
    private static boolean isAlone(ExtensionContext context) {
        return context.getExecutionMode() == ExecutionMode.SAME_THREAD;
    }

    /** A test that was interrupted, as one whose time is over, is cleaned up after like any other. */
    private static void uninterrupted(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Called by JUnit: for parameters of the type {@code T} or {@code Connection<T>}. Where several extensions could fill one, it is
     * that in the field of the parameter's name.
     */
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return fits(parameter.getParameter().getParameterizedType())
                && Rivals.of(parameter, context).chooses(this);
    }

    boolean fits(Type type) {
        return type.equals(setup.api()) || isConnection(type);
    }

    private boolean isConnection(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Connection.class) {
            Type of = generic.getActualTypeArguments()[0];
            return of.equals(setup.api()) || of instanceof WildcardType;
        }
        return type == Connection.class;
    }

    /** Called by JUnit: {@link #rpc()} or {@link #connection()}. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Rivals rivals = Rivals.of(parameter, context);
        if (!rivals.isClear()) {
            throw new ParameterResolutionException("the fields "
                    + String.join(", ", rivals.byField().keySet()) + " could each fill the parameter "
                    + parameter.getParameter()
                    + "; give it the name of one of them, and compile with -parameters, or use the field");
        }
        Connection<T> connection = connection();
        return parameter.getParameter().getType() == Connection.class ? connection : connection.rpc();
    }
}
