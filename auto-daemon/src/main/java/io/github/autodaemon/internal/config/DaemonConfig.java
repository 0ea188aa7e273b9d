package io.github.autodaemon.internal.config;

import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The data of a description, times in milliseconds; see {@code AutoDaemonBuilder} for the meaning of each. The daemon
 * gets it as a part of its {@link StartOrder}.
 *
 * @param service name of the service class; null when a command starts the daemon, or when the description starts none
 * @param api name of its interface; null when the service class declares it
 * @param idleMillis null when not set; 0 for never
 * @param callTimeoutMillis 0 for none
 * @param module of the service class; null when it is in none
 * @param codecs names of the classes of the codecs, by the names of the types they are for
 */
public record DaemonConfig(
        String name,
        @Nullable Path socket,
        @Nullable String service,
        @Nullable String api,
        List<String> args,
        boolean autoClose,
        long lingerMillis,
        @Nullable Long idleMillis,
        long drainMillis,
        boolean exitOnClose,
        boolean exclusive,
        int concurrency,
        boolean errorFirst,
        boolean allowRoot,
        Otherwise otherwise,
        boolean spawn,
        boolean inProcess,
        boolean debug,
        long timeoutMillis,
        long callTimeoutMillis,
        @Nullable Path javaHome,
        List<String> jvmOptions,
        @Nullable String classPath,
        @Nullable List<String> command,
        Path workingDirectory,
        boolean inheritUmask,
        @Nullable Map<String, String> environment,
        @Nullable Path pidFile,
        @Nullable String module,
        long maxLog,
        Limits limits,
        Map<String, String> codecs,
        boolean remoteStacks) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_LINGER = Duration.ofSeconds(1);
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    public static final long DEFAULT_MAX_LOG = 8L << 20;
    public static final Path ROOT = Path.of("/");

    /**
     * A daemon that is one of several is left behind when its program is upgraded, and no client connects to it again.
     */
    private static final Duration IDLE_BESIDE = Duration.ofHours(3);

    /** The action when a serving daemon does not fit. */
    public enum Otherwise {
        /** Start a successor, and retire the daemon. */
        REPLACE,
        /** Leave the daemon alone, and start another beside it. */
        BESIDE,
        /** Fail. */
        FAIL
    }

    /** A configuration for a service, with the defaults for all other options. */
    public static DaemonConfig of(String service, List<String> args, boolean autoClose, boolean exitOnClose) {
        return new DaemonConfig(
                service,
                null,
                service,
                null,
                args,
                autoClose,
                DEFAULT_LINGER.toMillis(),
                null,
                DEFAULT_DRAIN.toMillis(),
                exitOnClose,
                false,
                1,
                false,
                false,
                Otherwise.REPLACE,
                true,
                false,
                false,
                DEFAULT_TIMEOUT.toMillis(),
                0,
                null,
                List.of(),
                null,
                null,
                ROOT,
                false,
                null,
                null,
                null,
                DEFAULT_MAX_LOG,
                Limits.DEFAULT,
                Map.of(),
                false);
    }

    /** Whether daemons are used. */
    public Mode mode() {
        return Mode.of(spawn, inProcess);
    }

    public static Duration notNegative(Duration time, String what) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the " + what + " is negative: " + time);
        }
        return time;
    }

    public static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout is not positive: " + timeout);
        }
        return timeout;
    }

    /** A timeout in whole milliseconds, where zero is no limit. */
    public static long millis(Duration timeout) {
        return timeout.isZero() ? 0 : Math.max(1, timeout.toMillis());
    }

    public static int positive(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, not " + value);
        }
        return value;
    }

    /**
     * The options that change the daemon's behaviour and are not at their defaults, a text for each; a client with
     * other options needs another daemon. Excludes options of the client alone, and options that are compared
     * elsewhere.
     */
    public List<String> compared() {
        List<String> texts = new ArrayList<>();
        add(texts, "autoClose", autoClose ? "true" : null);
        add(texts, "linger", lingerMillis == DEFAULT_LINGER.toMillis() ? null : lingerMillis + " ms");
        long patience = idleMillis(false);
        add(texts, "idleTimeout", patience == 0 ? null : patience + " ms");
        add(texts, "drain", drainMillis == DEFAULT_DRAIN.toMillis() ? null : drainMillis + " ms");
        add(texts, "exitOnClose", exitOnClose ? "true" : null);
        add(texts, "exclusive", exclusive ? "true" : null);
        add(texts, "concurrent", concurrency == 1 ? null : Integer.toString(concurrency));
        add(texts, "errorFirst", errorFirst ? "true" : null);
        add(texts, "allowRoot", allowRoot ? "true" : null);
        add(texts, "workingDirectory", workingDirectory.equals(ROOT) ? null : real(workingDirectory));
        add(texts, "inheritUmask", inheritUmask ? "true" : null);
        add(texts, "pidFile", pidFile == null ? null : real(pidFile));
        add(texts, "maxLog", maxLog == DEFAULT_MAX_LOG ? null : Long.toString(maxLog));
        add(texts, "maxMessage", limits.maxLine() == Limits.BY_MEMORY ? null : Integer.toString(limits.maxLine()));
        add(texts, "maxDepth", limits.depth() == Limits.DEFAULT.depth() ? null : Integer.toString(limits.depth()));
        add(
                texts,
                "maxStreams",
                limits.streams() == Limits.DEFAULT.streams() ? null : Integer.toString(limits.streams()));
        add(
                texts,
                "maxQueued",
                limits.queuedCalls() == Limits.DEFAULT.queuedCalls() ? null : Integer.toString(limits.queuedCalls()));
        add(texts, "codecs", codecs.isEmpty() ? null : new TreeMap<>(codecs).toString());
        return texts;
    }

    private static void add(List<String> texts, String name, @Nullable String value) {
        if (value != null) {
            texts.add(name + "=" + value);
        }
    }

    /** The real path of the file, in a canonical spelling. */
    private static String real(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        try {
            return Files.exists(absolute) || parent == null || name == null
                    ? absolute.toRealPath().toString()
                    : parent.toRealPath().resolve(name).toString();
        } catch (IOException e) {
            return absolute.toString();
        }
    }

    /** The idle timeout in milliseconds; zero for none. With {@code beside}, the daemon is one of several. */
    public long idleMillis(boolean beside) {
        boolean several = beside || otherwise == Otherwise.BESIDE;
        return idleMillis != null ? idleMillis : several ? IDLE_BESIDE.toMillis() : 0;
    }

    /** The fields that a client compares with a running daemon. */
    public Map<String, @Nullable Object> identity(String serviceName) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("version", Version.CURRENT);
        identity.put("service", serviceName);
        identity.put("args", args);
        return identity;
    }
}
