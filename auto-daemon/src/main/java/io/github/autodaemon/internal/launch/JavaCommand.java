package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.startup.Collector;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line that runs the daemon with the classes of this program. */
public final class JavaCommand {
    /** By name, since the class is in a higher layer. */
    private static final String MAIN = "io.github.autodaemon.internal.daemon.DaemonMain";

    private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";

    /** JDK-8293114. */
    private static final int FIRST_THAT_TRIMS = 22;

    private static final int TRIM_MILLIS = 5_000;
    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    private JavaCommand() {}

    /**
     * The command line.
     *
     * @param javaHome the JVM to run; null for this process's JVM
     * @param classPath the daemon's class path; null for this program's own class path and module path
     * @param options the user's options, which come after ours
     * @param module the module of the service class; null for none
     * @param service the service class
     * @throws IllegalStateException when there is no such JVM; names the options that set another
     */
    public static List<String> of(
            @Nullable Path javaHome,
            @Nullable String classPath,
            List<String> options,
            @Nullable String module,
            String service,
            List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java(javaHome).toString());
        boolean collector = false;
        boolean heap = false;
        for (String option : options) {
            collector |= Collector.isNamedBy(option);
            heap |= option.startsWith("-Xm") || option.contains("HeapSize") || option.contains("RAM");
        }
        if (!collector) {
            command.addAll(Collector.SERIAL.options());
        }
        if (!heap) {
            // Else the heap begins with a sixty-fourth of the memory, and the JVM touches all of it before the first
            // collection.
            command.add("-Xms8m");
        }
        if (javaHome == null && Runtime.version().feature() >= FIRST_THAT_TRIMS && LINUX) {
            // Memory that compilers have freed stays with the process until it is trimmed: seven megabytes of a small
            // daemon.
            command.add("-XX:TrimNativeHeapInterval=" + TRIM_MILLIS);
        }
        // A thread dump (SIGQUIT) goes to standard output, which a daemon closes.
        command.add("-XX:+DisplayVMOutputToStderr");
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Djava.awt.headless=true");
        String selectors = System.getProperty(SELECTORS);
        if (selectors != null && javaHome == null) {
            // A start script sets the provider; searching all jars for one takes milliseconds.
            command.add("-D" + SELECTORS + "=" + selectors);
        }
        command.addAll(options);
        String main = MAIN;
        String library = JavaCommand.class.getModule().getName();
        if (classPath != null) {
            command.add("-cp");
            command.add(absolute(classPath, service));
            command.add(main);
        } else {
            addOwnPaths(command, module, service);
            if (library != null) {
                command.add("-m");
            }
            command.add(library == null ? main : library + "/" + main);
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

    /** In an image that jlink made the modules are on no path: the JVM finds them in the image. */
    private static void addOwnPaths(List<String> command, @Nullable String module, String service) {
        String modulePath = System.getProperty("jdk.module.path", "");
        if (!modulePath.isEmpty()) {
            command.add("--module-path");
            command.add(absolute(modulePath, service));
        }
        if (module != null) {
            command.add("--add-modules");
            command.add(module);
        }
        String classPath = System.getProperty("java.class.path", "");
        // If the main class is in no module, an empty class path means the working directory.
        if (!classPath.isEmpty() || System.getProperty("jdk.module.main") == null) {
            command.add("-cp");
            command.add(absolute(classPath, service));
        }
    }

    /** Makes elements absolute: in the daemon's other working directory relative elements would mean other files. */
    private static String absolute(String path, String service) {
        StringBuilder absolute = new StringBuilder();
        for (String element : Fingerprint.meant(path, service).split(File.pathSeparator, -1)) {
            if (absolute.length() > 0) {
                absolute.append(File.pathSeparatorChar);
            }
            // An empty element is the working directory; a wildcard is resolved by the launcher, not here.
            absolute.append(new File(element.isEmpty() ? "." : element).getAbsoluteFile());
        }
        return absolute.toString();
    }
}
