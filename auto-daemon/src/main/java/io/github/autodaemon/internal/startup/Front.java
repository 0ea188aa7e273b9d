package io.github.autodaemon.internal.startup;

import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The native front: the program that a start script runs in place of a JVM when the command's daemon runs. */
public final class Front {
    /** The property with the path of the stamp that is to be written; the start script sets it. */
    private static final String STAMP = "autodaemon.stamp";

    static final String NAME = "front";
    static final String STAMP_ENDING = ".stamp";

    /** Where StartScript writes the settings of a program of its own. */
    private static final String SETTINGS = "AUTODAEMON-FRONT-SETTINGS-V1:";

    private static final int SETTINGS_SIZE = 4096;

    /** With the sticky bit, as archives have it: no other user can set it on a file of this user. */
    private static final int MARKED = 01500;

    private Front() {}

    /** The stamp that this program's start script looks for; null when no start script has named one. */
    public static @Nullable Path stamp() {
        String path = System.getProperty(STAMP);
        return path == null || path.isEmpty() ? null : Path.of(path);
    }

    /** The program for this machine; null when there is none. */
    private static byte @Nullable [] program() throws IOException {
        String machine =
                switch (System.getProperty("os.arch", "")) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "aarch64";
                    default -> "";
                };
        if (machine.isEmpty() || !System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        try (InputStream resource =
                Front.class.getResourceAsStream("/io/github/autodaemon/internal/front/front-" + machine)) {
            return resource == null ? null : resource.readAllBytes();
        }
    }

    /** The root of this user's archives, where start scripts keep them; null when no variable names one. */
    private static @Nullable Path cache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache != null && !cache.isEmpty()) {
            return Path.of(cache, "auto-daemon");
        }
        String home = System.getenv("HOME");
        return home == null || home.isEmpty() ? null : Path.of(home, ".cache", "auto-daemon");
    }

    /** Why no program of this user can have a front, in words; null when they can. Writes a file, and deletes it. */
    public static @Nullable String obstacle() throws IOException {
        Path directory = cache();
        if (program() == null) {
            return "there is none for " + System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        }
        if (directory == null || !directory.isAbsolute()) {
            return "neither XDG_CACHE_HOME nor HOME names a directory for it";
        }
        Path existing = directory;
        while (existing != null && !Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || (!existing.equals(directory) && !Files.isWritable(existing))) {
            return directory + " cannot be made";
        }
        String danger = existing.equals(directory) ? Archive.danger(directory) : PrivateFiles.whoElseWrites(existing);
        if (danger != null) {
            return existing + " is not private: " + danger;
        }
        Path tried = Files.createTempFile(existing, ".auto-daemon", "");
        try {
            Files.setAttribute(tried, "unix:mode", MARKED);
            return Files.isExecutable(tried) ? null : "programs in " + existing + " cannot be run (noexec?)";
        } finally {
            Files.deleteIfExists(tried);
        }
    }

    /**
     * Writes the front into the directory of a program's archives, unless it is there.
     *
     * @return why it cannot be used there; null when it can
     */
    public static @Nullable String install(Path directory) throws IOException {
        byte[] program = program();
        if (program == null) {
            return "there is no front for " + System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        }
        String danger = Archive.danger(directory);
        if (danger != null) {
            return directory + " is not private: " + danger;
        }
        Path file = directory.resolve(NAME);
        FileFacts facts = FileFacts.of(file);
        if (facts == null || !facts.isSticky() || !Arrays.equals(program, Files.readAllBytes(file))) {
            Path made = PrivateFiles.besides(file);
            try (OutputStream out = PrivateFiles.create(made)) {
                out.write(program);
            }
            Files.setAttribute(made, "unix:mode", MARKED);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        }
        // On a file system that is mounted noexec access(2) says no, whatever the mode.
        return Files.isExecutable(file) ? null : "programs in " + directory + " cannot be run (noexec?)";
    }

    /**
     * The front with settings of its own, to be a command without a shell.
     *
     * @param settings lines
     * @throws IOException when there is no front for this machine, or the settings are too long
     */
    static byte[] with(String settings) throws IOException {
        byte[] program = program();
        if (program == null) {
            throw new IOException(
                    "there is no front for " + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        byte[] marker = SETTINGS.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] text = settings.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int at = indexOf(program, marker);
        if (at < 0 || marker.length + text.length >= SETTINGS_SIZE) {
            throw new IOException("the settings have " + text.length + " bytes, which do not fit into the front");
        }
        System.arraycopy(text, 0, program, at + marker.length, text.length);
        return program;
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
