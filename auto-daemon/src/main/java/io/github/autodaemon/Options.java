package io.github.autodaemon;

import io.github.autodaemon.internal.rpc.Limits;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything a description says but the interface; see {@link AutoDaemonBuilder} for what each means. */
record Options(
        String name,
        @Nullable Path socket,
        @Nullable String service,
        List<String> args,
        boolean autoClose,
        Duration linger,
        Duration idle,
        Duration drain,
        boolean exitOnClose,
        boolean exclusive,
        int concurrency,
        boolean errorFirst,
        boolean allowRoot,
        boolean replace,
        boolean spawn,
        boolean inProcess,
        boolean debug,
        Duration timeout,
        Duration callTimeout,
        @Nullable Path javaHome,
        List<String> jvmOptions,
        @Nullable String classPath,
        @Nullable List<String> command,
        Path workingDirectory,
        @Nullable Map<String, String> environment,
        @Nullable Consumer<ProcessHandle> onSpawn,
        @Nullable Path pidFile,
        @Nullable String module,
        long maxLog,
        Limits limits,
        @Nullable Codecs codecs,
        boolean remoteStacks) {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    static final Duration DEFAULT_LINGER = Duration.ofSeconds(1);
    static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    static final long DEFAULT_MAX_LOG = 8L << 20;

    static Duration notNegative(Duration time, String what) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the " + what + " is negative: " + time);
        }
        return time;
    }

    static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout is not positive: " + timeout);
        }
        return timeout;
    }

    /** In whole milliseconds, of which zero is no limit. */
    static long millis(Duration timeout) {
        return timeout.isZero() ? 0 : Math.max(1, timeout.toMillis());
    }

    static int positive(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, not " + value);
        }
        return value;
    }

    /**
     * Checks that a daemon of this class, if there is one, can be started. Every command does this, so nothing here loads a
     * class.
     *
     * @throws IllegalStateException when the JVM to run it or its class path cannot be known; names the option that tells
     */
    void checkStart(@Nullable Class<?> type) {
        String system = System.getProperty("os.name", "");
        if (system.startsWith("Windows")) {
            throw new IllegalStateException("auto-daemon runs on Linux (and, untested, macOS), not on " + system);
        }
        if (command != null || type == null) {
            return;
        }
        // Set in every program that GraalVM has compiled, and while it compiles one.
        boolean nativeImage = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        if (nativeImage && (javaHome == null || classPath == null)) {
            throw new IllegalStateException("this program is a native image, which has no JVM to run "
                    + type.getName() + " with; name a program to start with command(...), or a JVM with javaHome(...)"
                    + " and the daemon's class path with classPath(...)");
        }
        if (javaHome == null) {
            File java = new File(System.getProperty("java.home", ""), "bin/java");
            if (!java.canExecute()) {
                throw new IllegalStateException("there is no JVM to run the daemon with: " + java
                        + " is not executable; name a Java installation with javaHome(...), or a program to start with"
                        + " command(...)");
            }
        }
        if (classPath == null) {
            checkClassPath(type);
        }
    }

    /** A JVM with this one's class path and module path finds what this one's own loader has loaded, and nothing else. */
    private static void checkClassPath(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        Module module = type.getModule();
        String what = null;
        if (module.isNamed()) {
            if (module.getLayer() != ModuleLayer.boot()) {
                what = type.getName() + " is in a module layer that this program has made";
            }
        } else if (loader != ClassLoader.getSystemClassLoader()) {
            what = type.getName() + " was loaded by "
                    + (loader == null
                            ? "the JVM's boot loader"
                            : loader.getClass().getName())
                    + " (a jar with nested jars, a plug-in, a container?)";
        } else if (System.getProperty("java.class.path", "").isEmpty()
                && System.getProperty("jdk.module.main") != null) {
            what = "this program was started without a class path, and " + type.getName() + " is in no module";
        }
        if (what != null) {
            throw new IllegalStateException(what + ", so the class path of its daemon cannot be known; name it with"
                    + " classPath(...), or a program to start with command(...)");
        }
    }

    Description description(String serviceName, @Nullable String api) {
        Path file = pidFile;
        return new Description(
                serviceName,
                api,
                args,
                autoClose,
                linger.toMillis(),
                idle.toMillis(),
                exitOnClose,
                exclusive,
                concurrency,
                errorFirst,
                allowRoot,
                file == null ? null : file.toAbsolutePath().toString(),
                codecs == null ? Map.of() : codecs.names(),
                limits);
    }
}
