package io.github.autodaemon.warm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is kept about a tool from daemon to daemon, in its directory: the variables that it reads, what it does that a
 * daemon cannot serve, and why it ran cold the last time. Nothing of it is needed; the directory is the user's own.
 */
final class Knowledge {
    /** It asks for the console. No variable has such a name. */
    static final String CONSOLE = "=console";

    /** It reads or writes the standard descriptors of its process, or has other processes do so. */
    static final String BYPASSES = "=bypasses";

    private static final String WHY = "why";
    private static final String DECLINED = "declined\n";
    private static final long MOMENT_MILLIS = 2000;
    private static final int MANY = 1 << 16;

    /** A command may show something while what the one before has shown is written. */
    private static final Object LEARNING = new Object();

    private final Path directory;

    private Knowledge(Path directory) {
        this.directory = directory;
    }

    static Knowledge of(Tool tool) {
        return of(Path.of(tool.state()));
    }

    static Knowledge of(Path state) {
        return new Knowledge(state);
    }

    /** The names of the variables that it reads, and the other words. */
    Set<String> learnt() {
        return new TreeSet<>(read("learnt").lines().toList());
    }

    boolean has(String word) {
        return learnt().contains(word);
    }

    void learn(Set<String> words) {
        synchronized (LEARNING) {
            Set<String> all = learnt();
            if (all.addAll(words)) {
                write("learnt", String.join("\n", all) + "\n");
            }
        }
    }

    /** A daemon has declined a command, which then runs cold. */
    void declined(Path where, String why) {
        write(WHY, text(where, why) + DECLINED);
    }

    /** A command ran cold that began at that time. If a daemon has declined it, the daemon has said why, just before. */
    void cold(Path where, String why, FileTime began) {
        if (!hasDeclined(began.toMillis() - MOMENT_MILLIS)) {
            write(WHY, text(where, why));
        }
    }

    private static String text(Path where, String why) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n" + where + "\n" + why + "\n";
    }

    private boolean hasDeclined(long sinceMillis) {
        try {
            return read(WHY).endsWith(DECLINED)
                    && Files.getLastModifiedTime(directory.resolve(WHY)).toMillis() >= sinceMillis;
        } catch (IOException e) {
            return false;
        }
    }

    /** When, where and why a command ran cold the last time. */
    Optional<String> lastCold() {
        String text = read(WHY);
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private String read(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.size(file) > MANY ? "" : Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private void write(String name, String text) {
        try {
            Path made = Files.createTempFile(directory, name, ".new");
            Files.writeString(made, text, StandardCharsets.UTF_8);
            Files.move(made, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // The next daemon learns it again.
            return;
        }
    }
}
