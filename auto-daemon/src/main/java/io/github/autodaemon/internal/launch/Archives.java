package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.startup.Archive;
import io.github.autodaemon.internal.startup.ArchiveOrder;
import io.github.autodaemon.internal.startup.Collector;
import io.github.autodaemon.internal.startup.StartScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The archives of a command that was started by a {@link StartScript}, and of its daemon: the daemon starts with its
 * own archive, and makes both.
 */
public final class Archives {
    private static final String CLASS_PATH = "-cp";

    /** With these a JVM takes no archive, or none that another collector has made. */
    private static final String[] WITHOUT = {
        "@",
        "--patch-module",
        "--limit-modules",
        "--upgrade-module-path",
        "--illegal-native-access",
        "-Djava.system.class.loader",
        "-XX:+UseZGC",
        "-XX:-UseCompressed"
    };

    private final Path directory;
    private final Archive daemon;

    private Archives(Path directory, Archive daemon) {
        this.directory = directory;
        this.daemon = daemon;
    }

    /** Null when the program has no start script, or when no archive can be made for the daemon. */
    static @Nullable Archives of(DaemonConfig config, @Nullable String classes) {
        Path directory = Archive.directory();
        String service = config.service();
        boolean modules = config.module() != null || System.getProperty("jdk.module.path") != null;
        if (directory == null || service == null || classes == null || modules) {
            return null;
        }
        for (String option : config.jvmOptions()) {
            // The user manages archives with own options, or wants none.
            if (option.contains("Share") || option.contains("AOT") || option.startsWith("-Xshare")) {
                return null;
            }
            for (String unusable : WITHOUT) {
                if (option.startsWith(unusable)) {
                    return null;
                }
            }
        }
        try {
            // The JVM would follow a symbolic link to the file that it maps or writes.
            boolean safe = Archive.danger(directory) == null;
            return safe ? new Archives(directory, Archive.ofDaemon(directory, service, classes)) : null;
        } catch (IOException e) {
            return null;
        }
    }

    List<String> optionsBefore(List<String> given) {
        List<String> options = new ArrayList<>(daemon.options());
        options.addAll(given);
        return options;
    }

    /** The order about archives for the daemon that {@code command} starts. */
    ArchiveOrder order(List<String> command) {
        Path root = Archive.root();
        return new ArchiveOrder(
                root == null ? "" : root.toString(),
                directory.toString(),
                daemon.name(),
                command.get(0),
                command.get(command.indexOf(CLASS_PATH) + 1),
                Archive.ownJava(),
                Archive.ownClassPath(),
                Collector.ofThisJvm().name(),
                modules(command));
    }

    /**
     * The options that change modules: from JDK 24 on an archive counts only with the module options that it was made
     * with.
     */
    static List<String> modules(List<String> options) {
        List<String> modules = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (option.startsWith("--add-") || option.startsWith("--enable-native-access")) {
                modules.add(option);
                if (option.indexOf('=') < 0 && i + 1 < options.size()) {
                    modules.add(options.get(i + 1));
                }
            }
        }
        return modules;
    }
}
