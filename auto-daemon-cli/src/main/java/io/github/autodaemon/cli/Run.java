package io.github.autodaemon.cli;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.Server;
import io.github.autodaemon.Service;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a service in the foreground, for systemd and containers; clients find it by its name or socket.",
            "SIGTERM ends it when the calls that run are over, or after --drain."
        })
final class Run extends Printing {
    @Option(names = "--name", paramLabel = "N", description = "The daemon's name.")
    private @Nullable String name;

    @Option(names = "--socket", paramLabel = "PATH", description = "Where it listens, in the place of a name.")
    private @Nullable Path socket;

    @Option(
            names = "--activation",
            description = "Take the listening socket that is standard input, as systemd gives it.")
    private boolean activation;

    @Option(
            names = "--service",
            paramLabel = "CLASS",
            description = "The service class; not needed when the jars declare just one for java.util.ServiceLoader.")
    private @Nullable String service;

    @Option(names = "--arg", paramLabel = "TEXT", description = "An argument of the service; may come again.")
    private List<String> args = new ArrayList<>();

    @Option(
            names = "--idle-timeout",
            paramLabel = "D",
            converter = Shown.Time.class,
            description = "Leave after so long" + " without a user.")
    private @Nullable Duration idleTimeout;

    @Option(
            names = "--concurrent",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many calls run at once" + " (default: ${DEFAULT-VALUE}).")
    private int concurrent;

    @Option(names = "--pid-file", paramLabel = "PATH", description = "Where to write the process id.")
    private @Nullable Path pidFile;

    @Option(
            names = "--drain",
            paramLabel = "D",
            defaultValue = "10s",
            converter = Shown.Time.class,
            description = "How long running calls have at the end (default: ${DEFAULT-VALUE}).")
    private Duration drain = Duration.ofSeconds(10);

    @Parameters(arity = "1..*", paramLabel = "JAR", description = "The class path, after --.")
    private List<Path> jars = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if ((name != null ? 1 : 0) + (socket != null ? 1 : 0) + (activation ? 1 : 0) != 1) {
            throw wrong("say where it listens: --name, --socket or --activation");
        }
        if (concurrent < 1) {
            throw wrong("--concurrent is 1 or more, not " + concurrent);
        }
        ServerSocketChannel given = activation ? given() : null;
        AutoDaemonBuilder<Rpc> builder =
                AutoDaemon.dynamic("any").args(args.toArray(new String[0])).concurrent(concurrent);
        if (name != null) {
            builder.name(name);
        } else if (socket != null) {
            builder.socket(socket);
        } else if (given != null && given.getLocalAddress() instanceof UnixDomainSocketAddress address) {
            builder.socket(address.getPath());
        }
        if (idleTimeout != null) {
            builder.idleTimeout(idleTimeout);
        }
        if (pidFile != null) {
            builder.pidFile(pidFile);
        }
        Server server = builder.build().createServer(service());
        Thread end = new Thread(
                () -> {
                    if (!server.stop(drain)) {
                        Output.error("it was not done after " + Shown.time(drain));
                    }
                },
                "autod-end");
        if (given == null) {
            server.listen();
        } else {
            server.listen(given);
        }
        Runtime.getRuntime().addShutdownHook(end);
        // Not on standard output, which may be the socket.
        Output.error(
                "serves " + server.socket() + ", pid " + ProcessHandle.current().pid());
        String why = server.gone().join();
        Output.error("left: " + why);
        return Autod.DONE;
    }

    private ServerSocketChannel given() throws IOException {
        if (System.inheritedChannel() instanceof ServerSocketChannel channel
                && channel.getLocalAddress() instanceof UnixDomainSocketAddress) {
            return channel;
        }
        throw new Stopped(
                Autod.USED_WRONGLY,
                "--activation: standard input is no listening Unix socket; with systemd say"
                        + " StandardInput=socket, and see docs/systemd.md");
    }

    @SuppressWarnings("unchecked") // What it serves is found out by the library, from its class.
    private Service<Rpc> service() {
        try {
            Object made = make(loader());
            if (made instanceof Service<?> found) {
                return (Service<Rpc>) found;
            }
            throw new Stopped(
                    Autod.USED_WRONGLY, made.getClass().getName() + " does not implement " + Service.class.getName());
        } catch (ClassNotFoundException e) {
            throw new Stopped(Autod.USED_WRONGLY, "there is no class " + e.getMessage() + " in " + jars);
        } catch (InvocationTargetException e) {
            throw new Stopped(Autod.FAILED, "the service cannot be made: " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError | ServiceConfigurationError e) {
            throw new Stopped(Autod.FAILED, "the service cannot be made: " + e);
        }
    }

    private Object make(ClassLoader loader) throws ReflectiveOperationException {
        if (service != null) {
            Constructor<?> constructor = Class.forName(service, true, loader).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }
        List<Class<?>> declared = new ArrayList<>();
        Object only = null;
        for (ServiceLoader.Provider<?> provider :
                ServiceLoader.load(Service.class, loader).stream().toList()) {
            declared.add(provider.type());
            only = declared.size() == 1 ? provider.get() : null;
        }
        if (only == null) {
            throw new Stopped(
                    Autod.USED_WRONGLY,
                    "say which class is the service, with --service: " + jars
                            + (declared.isEmpty()
                                    ? " declare none in META-INF/services/" + Service.class.getName()
                                    : " declare " + declared));
        }
        return only;
    }

    private ClassLoader loader() {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            if (!Files.exists(jar)) {
                throw new Stopped(Autod.USED_WRONGLY, "there is no " + jar);
            }
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new Stopped(Autod.USED_WRONGLY, jar + " cannot be on a class path: " + e.getMessage());
            }
        }
        ClassLoader loader = new URLClassLoader("service", urls.toArray(new URL[0]), Run.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        return loader;
    }
}
