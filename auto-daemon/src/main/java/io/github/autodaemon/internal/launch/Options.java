package io.github.autodaemon.internal.launch;

import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.internal.call.Codecs;
import io.github.autodaemon.internal.rpc.Limits;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything a description says but the interface; see {@link AutoDaemonBuilder} for what each means. */
public record Options(
        String name,
        @Nullable Path socket,
        @Nullable String service,
        List<String> args,
        boolean autoClose,
        Duration linger,
        @Nullable Duration idle,
        Duration drain,
        boolean exitOnClose,
        boolean exclusive,
        int concurrency,
        boolean errorFirst,
        boolean allowRoot,
        Target.Otherwise otherwise,
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
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_LINGER = Duration.ofSeconds(1);
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    /** A hello has them, which an entry of the index has with others, in 64 KiB. */
    private static final int MAX_TEXTS = 48 * 1024;

    private static final int MAX_NAME = 1000;

    /** The kernel's limit for one text (MAX_ARG_STRLEN of execve(2)). */
    private static final int MAX_VARIABLE = 128 * 1024 - 1;

    public static final long DEFAULT_MAX_LOG = 8L << 20;
    public static final Path ROOT = Path.of("/");

    /** A daemon that is one of several is left behind when its program is upgraded, and nobody comes for it again. */
    static final Duration IDLE_BESIDE = Duration.ofHours(3);

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

    /** In whole milliseconds, of which zero is no limit. */
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
     * Checks that a daemon of this class, if there is one, can be started. Every command does this, so nothing here loads a
     * class.
     *
     * @throws IllegalStateException when the JVM to run it or its class path cannot be known; names the option that tells
     */
    public void checkStart(@Nullable Class<?> type) {
        String system = System.getProperty("os.name", "");
        if (system.startsWith("Windows")) {
            throw new IllegalStateException("auto-daemon runs on Linux (and, untested, macOS), not on " + system);
        }
        String missing = missingModule();
        if (missing != null) {
            throw new IllegalStateException(missing);
        }
        if (command != null || type == null || !Mode.mayStart(spawn, inProcess)) {
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

    /** Linked into an image only for modules that require it, and resolved only for these where a module is started. */
    public static @Nullable String missingModule() {
        return ModuleLayer.boot().findModule("jdk.net").isPresent()
                ? null
                : "the JVM in " + System.getProperty("java.home")
                        + " runs without the module jdk.net, by which the user at"
                        + " the other end of a socket is known; link it in with jlink --add-modules jdk.net, or start"
                        + " java with --add-modules jdk.net";
    }

    /** Whether daemons are used. */
    public Mode mode() {
        return Mode.of(spawn, inProcess);
    }

    /** Those of the options that only a process of the daemon's own can have, by name; empty for none. */
    public String ofAnotherProcess() {
        StringBuilder names = new StringBuilder();
        String[] given = {
            jvmOptions.isEmpty() ? "" : "jvmOptions",
            environment == null ? "" : "environment",
            javaHome == null ? "" : "javaHome",
            classPath == null ? "" : "classPath",
            workingDirectory.equals(Path.of("/")) ? "" : "workingDirectory"
        };
        for (String name : given) {
            names.append(name.isEmpty() || names.length() == 0 ? "" : ", ").append(name);
        }
        return names.toString();
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

    /** Those of its texts that others have to take: the kernel, a hello, an entry of the index. Loads nothing. */
    public void checkTexts() {
        checkLength("name(...)", List.of(name), MAX_NAME, "");
        // In the worst case each character becomes six in JSON.
        checkLength("args(...)", args, MAX_TEXTS, "; put what is long into a file and pass its path");
        checkLength(
                "jvmOptions(...)",
                jvmOptions,
                MAX_TEXTS,
                "; put them into an argument file, and say jvmOptions(\"@/path/of/the/file\")");
        Map<String, String> declared = environment == null ? Map.of() : environment;
        for (Map.Entry<String, String> variable : declared.entrySet()) {
            String key = variable.getKey();
            String value = variable.getValue();
            if (key.isEmpty() || key.indexOf('=') >= 0 || key.indexOf(0) >= 0 || value.indexOf(0) >= 0) {
                throw new IllegalArgumentException(
                        "no process can have a variable named \"" + key + "\" in its environment, or its value");
            }
            checkLength(
                    "the variable " + key + " of environment(...)",
                    key.getBytes(StandardCharsets.UTF_8).length + value.getBytes(StandardCharsets.UTF_8).length + 2,
                    MAX_VARIABLE,
                    "");
        }
    }

    private static void checkLength(String what, List<String> texts, int limit, String advice) {
        long length = 0;
        for (String text : texts) {
            length += length(text) + 1;
        }
        checkLength(what, length, limit, advice);
    }

    private static void checkLength(String what, long length, int limit, String advice) {
        if (length > limit) {
            throw new IllegalArgumentException(what + " has " + length + " bytes, the limit is " + limit + advice);
        }
    }

    /** In bytes of UTF-8, and of JSON where that is more. */
    private static long length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3;
        }
        return length;
    }

    /**
     * What a daemon of this description does otherwise than one without options, a text for each; a client that wants it
     * otherwise wants another daemon. Not what is the client's own affair, or compared elsewhere.
     */
    List<String> compared() {
        List<String> texts = new ArrayList<>();
        add(texts, "autoClose", autoClose ? "true" : null);
        add(texts, "linger", linger.equals(DEFAULT_LINGER) ? null : linger.toMillis() + " ms");
        Duration patience = idle(false);
        add(texts, "idleTimeout", patience.isZero() ? null : patience.toMillis() + " ms");
        add(texts, "drain", drain.equals(DEFAULT_DRAIN) ? null : drain.toMillis() + " ms");
        add(texts, "exitOnClose", exitOnClose ? "true" : null);
        add(texts, "exclusive", exclusive ? "true" : null);
        add(texts, "concurrent", concurrency == 1 ? null : Integer.toString(concurrency));
        add(texts, "errorFirst", errorFirst ? "true" : null);
        add(texts, "allowRoot", allowRoot ? "true" : null);
        add(texts, "workingDirectory", workingDirectory.equals(ROOT) ? null : real(workingDirectory));
        add(texts, "pidFile", pidFile == null ? null : real(pidFile));
        add(texts, "maxLog", maxLog == DEFAULT_MAX_LOG ? null : Long.toString(maxLog));
        add(texts, "maxMessage", limits.givenLine() == Limits.BY_MEMORY ? null : Integer.toString(limits.givenLine()));
        add(texts, "maxDepth", limits.depth() == Limits.DEFAULT.depth() ? null : Integer.toString(limits.depth()));
        add(
                texts,
                "maxStreams",
                limits.streams() == Limits.DEFAULT.streams() ? null : Integer.toString(limits.streams()));
        add(
                texts,
                "maxQueued",
                limits.queuedCalls() == Limits.DEFAULT.queuedCalls() ? null : Integer.toString(limits.queuedCalls()));
        add(texts, "codecs", codecs == null ? null : new TreeMap<>(codecs.names()).toString());
        return texts;
    }

    private static void add(List<String> texts, String name, @Nullable String value) {
        if (value != null) {
            texts.add(name + "=" + value);
        }
    }

    /** The file itself, however its path is written. */
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

    private Duration idle(boolean beside) {
        boolean several = beside || otherwise == Target.Otherwise.BESIDE;
        return idle != null ? idle : several ? IDLE_BESIDE : Duration.ZERO;
    }

    public Description description(String serviceName, @Nullable String api, boolean beside) {
        Path file = pidFile;
        return new Description(
                serviceName,
                api,
                args,
                autoClose,
                linger.toMillis(),
                idle(beside).toMillis(),
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
