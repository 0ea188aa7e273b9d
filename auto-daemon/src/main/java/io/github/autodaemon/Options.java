package io.github.autodaemon;

import io.github.autodaemon.internal.rpc.Limits;
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
        Limits limits) {
    static final Duration DEFAULT_LINGER = Duration.ofSeconds(1);
    static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    static final long DEFAULT_MAX_LOG = 8L << 20;

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
                limits);
    }
}
