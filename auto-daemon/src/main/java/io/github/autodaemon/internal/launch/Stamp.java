package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.startup.Front;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the stamp of a program (docs/front.md): by it the front knows, without a JVM, where the daemon listens, and
 * that nothing of what this client has compared has changed since.
 */
final class Stamp {
    private static final long SECOND = 1_000_000_000;

    /** Variables that choose the runtime directory, or change what the client's JVM does. */
    private static final List<String> VARIABLES =
            List.of("XDG_RUNTIME_DIR", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private Stamp() {}

    /** Takes the fingerprint of the daemon that is wanted. */
    interface Comparison {
        @Nullable
        Fingerprint fingerprint() throws IOException;
    }

    /**
     * Writes the stamp that the start script has named, for the daemon that this client has just used; and the front
     * beside it.
     *
     * @param socket the daemon's path
     * @param declared the declared environment; null for none
     * @param comparison takes the fingerprint again: a file that is replaced after the daemon's fingerprint was compared, and
     *     before its time is looked at, would make the stamp one of an outdated daemon
     * @return why there is none; null when it is there
     */
    static @Nullable String write(
            Path stamp,
            Path socket,
            Fingerprint fingerprint,
            @Nullable Map<String, String> declared,
            Comparison comparison)
            throws IOException {
        Path directory = stamp.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return "there is no directory for archives";
        }
        String text = text(socket, fingerprint, declared);
        if (text == null) {
            return "the class path or the JVM cannot be told by files that keep their size and time: it has directories,"
                    + " a *, files that are missing, or files without a time";
        }
        Fingerprint again = comparison.fingerprint();
        if (again == null || !again.digest().equals(fingerprint.digest())) {
            return "a file of the class path has changed since the daemon was reached";
        }
        // One of many clients writes.
        try (LockFile lock = LockFile.tryAcquire(directory.resolve("front.lock"))) {
            if (lock == null) {
                return null;
            }
            String why = Front.install(directory);
            if (why != null) {
                Files.deleteIfExists(stamp);
                return why;
            }
            PrivateFiles.replace(stamp, text);
            return null;
        }
    }

    private static @Nullable String text(Path socket, Fingerprint fingerprint, @Nullable Map<String, String> declared)
            throws IOException {
        List<Path> files = fingerprint.files();
        Path java = java();
        if (files == null || java == null) {
            return null;
        }
        List<String> lines = new ArrayList<>();
        lines.add("autodaemon-stamp 1");
        lines.add("socket " + socket);
        lines.add("fingerprint " + fingerprint.digest());
        lines.add("java " + java);
        List<Path> all = new ArrayList<>(files);
        all.add(java);
        for (Path file : all) {
            Map<String, Object> facts = Files.readAttributes(file, "unix:size,lastModifiedTime,ino");
            long nanos = facts.get("lastModifiedTime") instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
            lines.add("file " + facts.get("size") + " " + Math.floorDiv(nanos, SECOND) + " "
                    + Math.floorMod(nanos, SECOND) + " "
                    + Long.toUnsignedString(facts.get("ino") instanceof Long ino ? ino : 0) + " " + file);
        }
        TreeSet<String> names = new TreeSet<>(VARIABLES);
        if (declared != null) {
            names.addAll(declared.keySet());
        }
        for (String name : names) {
            String value = System.getenv(name);
            lines.add(value == null ? "unset " + name : "env " + name + "=" + value);
        }
        lines.add("end");
        for (String line : lines) {
            if (line.indexOf('\n') >= 0) {
                return null;
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** The java that the start script runs; null when it finds none. */
    private static @Nullable Path java() {
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty()) {
            Path java = Path.of(home + "/bin/java");
            return Files.isRegularFile(java) ? java : null;
        }
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path).split(":", -1)) {
            if (directory.isEmpty()) {
                return null;
            }
            Path java = Path.of(directory + "/java");
            if (Files.isRegularFile(java) && Files.isExecutable(java)) {
                return java;
            }
        }
        return null;
    }
}
