package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.Mode;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a description before its daemon is started. */
public final class ConfigCheck {
    /**
     * In bytes. A hello contains these texts, and an entry of the index contains the hello and other fields, in 64 KiB.
     */
    private static final int MAX_TEXTS = 48 * 1024;

    private static final int MAX_NAME = 1000;

    /** The kernel's limit for one text (MAX_ARG_STRLEN of execve(2)). */
    private static final int MAX_VARIABLE = 128 * 1024 - 1;

    private ConfigCheck() {}

    /**
     * Checks that a daemon of this class, if there is one, can be started. Every command does this, so nothing here
     * loads a class.
     *
     * @throws IllegalStateException when the JVM to run it or its class path cannot be known; names the option that
     *     sets it
     */
    public static void checkStart(DaemonConfig config, @Nullable Class<?> type) {
        String system = System.getProperty("os.name", "");
        if (system.startsWith("Windows")) {
            throw new IllegalStateException("auto-daemon runs on Linux (and, untested, macOS), not on " + system);
        }
        String missing = missingModule();
        if (missing != null) {
            throw new IllegalStateException(missing);
        }
        if (config.command() != null || type == null || !Mode.mayStart(config.spawn(), config.inProcess())) {
            return;
        }
        // Set in every program that GraalVM has compiled, and while GraalVM compiles a program.
        boolean nativeImage = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        if (nativeImage && (config.javaHome() == null || config.classPath() == null)) {
            throw new IllegalStateException("this program is a native image, which has no JVM to run "
                    + type.getName() + " with; name a program to start with command(...), or a JVM with javaHome(...)"
                    + " and the daemon's class path with classPath(...)");
        }
        if (config.javaHome() == null) {
            File java = new File(System.getProperty("java.home", ""), "bin/java");
            if (!java.canExecute()) {
                throw new IllegalStateException("there is no JVM to run the daemon with: " + java
                        + " is not executable; name a Java installation with javaHome(...), or a program to start with"
                        + " command(...)");
            }
        }
        if (config.classPath() == null) {
            checkClassPath(type);
        }
    }

    /**
     * The module jdk.net is linked into an image only for modules that require it, and resolved only for these when a
     * module is started.
     */
    public static @Nullable String missingModule() {
        return ModuleLayer.boot().findModule("jdk.net").isPresent()
                ? null
                : "the JVM in " + System.getProperty("java.home")
                        + " runs without the module jdk.net, by which the user at"
                        + " the other end of a socket is known; link it in with jlink --add-modules jdk.net, or start"
                        + " java with --add-modules jdk.net";
    }

    /** The names of the options that only a separate daemon process can have; empty for none. */
    public static String ofAnotherProcess(DaemonConfig config) {
        StringBuilder names = new StringBuilder();
        String[] given = {
            config.jvmOptions().isEmpty() ? "" : "jvmOptions",
            config.environment() == null ? "" : "environment",
            config.javaHome() == null ? "" : "javaHome",
            config.classPath() == null ? "" : "classPath",
            config.workingDirectory().equals(Path.of("/")) ? "" : "workingDirectory",
            config.inheritUmask() ? "inheritUmask" : ""
        };
        for (String name : given) {
            names.append(name.isEmpty() || names.length() == 0 ? "" : ", ").append(name);
        }
        return names.toString();
    }

    /**
     * A JVM with this process's class path and module path finds the classes of this process's own loader, and no
     * others.
     */
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

    /** Checks the texts that must fit elsewhere: into kernel limits, a hello, an entry of the index. Loads no class. */
    public static void checkTexts(DaemonConfig config) {
        checkLength("name(...)", List.of(config.name()), MAX_NAME, "");
        // In the worst case each character becomes six in JSON.
        checkLength("args(...)", config.args(), MAX_TEXTS, "; put what is long into a file and pass its path");
        checkLength(
                "jvmOptions(...)",
                config.jvmOptions(),
                MAX_TEXTS,
                "; put them into an argument file, and say jvmOptions(\"@/path/of/the/file\")");
        Map<String, String> given = config.environment();
        Map<String, String> declared = given == null ? Map.of() : given;
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

    /** The length in bytes of UTF-8, or of JSON where that is more. */
    private static long length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3;
        }
        return length;
    }
}
