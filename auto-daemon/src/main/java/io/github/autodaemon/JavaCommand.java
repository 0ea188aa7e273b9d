package io.github.autodaemon;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line that runs {@link DaemonMain} with the classes of this program. */
final class JavaCommand {
    private JavaCommand() {}

    /**
     * The command line.
     *
     * @param javaHome the JVM to run; null for this one
     * @param classPath what to run; null for this program's own
     * @param options options of the user's, which come after ours
     * @param service the service class, for the module path
     * @throws IllegalStateException when the JVM or the class path cannot be known; names the option that tells it
     */
    static List<String> of(
            @Nullable Path javaHome,
            @Nullable String classPath,
            List<String> options,
            String service,
            @Nullable String module,
            List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java(javaHome).toString());
        if (options.stream().noneMatch(o -> o.startsWith("-XX:+Use") && o.endsWith("GC"))) {
            command.add("-XX:+UseSerialGC");
        }
        // A thread dump (SIGQUIT) goes to standard output, which a daemon closes.
        command.add("-XX:+DisplayVMOutputToStderr");
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Djava.awt.headless=true");
        command.addAll(options);
        String modulePath = System.getProperty("jdk.module.path", "");
        if (classPath == null && module != null && !modulePath.isEmpty()) {
            command.add("--module-path");
            command.add(absolute(modulePath));
            command.add("--add-modules");
            command.add(module);
            String own = System.getProperty("java.class.path", "");
            if (!own.isEmpty()) {
                command.add("-cp");
                command.add(absolute(own));
            }
            command.add("-m");
            command.add("io.github.autodaemon/" + DaemonMain.class.getName());
        } else {
            command.add("-cp");
            command.add(absolute(classPath == null ? ownClassPath(service) : classPath));
            command.add(DaemonMain.class.getName());
        }
        command.addAll(arguments);
        return command;
    }

    private static Path java(@Nullable Path javaHome) {
        Path home = javaHome == null ? Path.of(System.getProperty("java.home", "")) : javaHome;
        Path java = home.resolve("bin").resolve("java").toAbsolutePath();
        if (!Files.isExecutable(java)) {
            throw new IllegalStateException("there is no JVM to run the daemon with: " + java
                    + " is not executable; name one with javaHome(...), or a program with command(...)");
        }
        return java;
    }

    private static String ownClassPath(String service) {
        String own = System.getProperty("java.class.path", "");
        if (own.isEmpty()) {
            throw new IllegalStateException("the class path of this program is not known, so " + service
                    + " cannot be started in a daemon; name it with classPath(...)");
        }
        return own;
    }

    /** The daemon's working directory is another, so relative elements would mean other files. */
    private static String absolute(String path) {
        StringBuilder absolute = new StringBuilder();
        for (String element : path.split(File.pathSeparator, -1)) {
            if (absolute.length() > 0) {
                absolute.append(File.pathSeparatorChar);
            }
            // An empty element is the working directory; a wildcard is resolved by the launcher, not here.
            absolute.append(new File(element.isEmpty() ? "." : element).getAbsoluteFile());
        }
        return absolute.toString();
    }
}
