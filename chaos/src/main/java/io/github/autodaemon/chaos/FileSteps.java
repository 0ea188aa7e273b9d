package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/** What is done to files, by somebody who cleans up or by mistake. */
final class FileSteps {
    private static final int REFUSAL_MILLIS = 3000;

    private FileSteps() {}

    private static void disturb(Scene scene, String what, int daemons) {
        scene.say(what);
        scene.oracle().disturbed(daemons);
        scene.tally().files++;
        scene.faults().happened(Faults.Kind.FILES);
    }

    static void removeSocket(Scene scene, Dice dice) throws IOException {
        disturb(scene, "rm s", 1);
        Files.deleteIfExists(scene.setting().socket());
    }

    static void removeSibling(Scene scene, Dice dice) throws IOException {
        List<String> suffixes = List.of(".lock", ".spawn", ".info", ".log", ".log.previous", ".failed", ".history");
        String suffix = suffixes.get(dice.below(suffixes.size()));
        disturb(scene, "rm s" + suffix, suffix.equals(".lock") || suffix.equals(".spawn") ? 1 : 0);
        Files.deleteIfExists(scene.setting().sibling(suffix));
    }

    /** Both locks, and the socket: nothing but the process is left of the daemon. */
    static void removeLocks(Scene scene, Dice dice) throws IOException {
        boolean socketToo = dice.chance(50);
        disturb(scene, "rm s.lock s.spawn" + (socketToo ? " s" : ""), 2);
        Files.deleteIfExists(scene.setting().sibling(".lock"));
        Files.deleteIfExists(scene.setting().sibling(".spawn"));
        if (socketToo) {
            Files.deleteIfExists(scene.setting().socket());
        }
    }

    static void truncateLog(Scene scene, Dice dice) throws IOException {
        disturb(scene, "truncate s.log", 0);
        try {
            FileChannel.open(
                            scene.setting().sibling(".log"),
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        } catch (NoSuchFileException e) {
            scene.say("there is no log");
        }
    }

    /**
     * Through cp(1), which writes into the file that is there: this process may hold a lock on it, and would lose it with
     * a descriptor of its own (fcntl(2)).
     */
    static void writeGarbage(Scene scene, Dice dice) throws IOException {
        List<String> suffixes = List.of(".lock", ".spawn", ".info", ".failed");
        String suffix = suffixes.get(dice.below(suffixes.size()));
        byte[] garbage = dice.bytes(dice.between(1, 5000));
        disturb(scene, garbage.length + " bytes of garbage into s" + suffix, 0);
        Path source = scene.setting().home().resolve("garbage");
        Files.write(source, garbage);
        Path target = scene.setting().sibling(suffix);
        if (!Processes.command("cp", source.toString(), target.toString())) {
            scene.say("not written");
        } else {
            try {
                // A file that cp(1) made new has its modes from the umask.
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
            } catch (NoSuchFileException e) {
                scene.say("deleted by a client meanwhile");
            }
        }
    }

    /** Moves the socket away and, later, back, over what may be there by then. */
    static void moveSocket(Scene scene, Dice dice) throws IOException {
        int steps = dice.between(1, 12);
        Path away = scene.setting().home().resolve("away" + scene.tally().steps);
        disturb(scene, "mv s away, for " + steps + " steps", 1);
        try {
            Files.move(scene.setting().socket(), away, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            scene.say("there is no socket");
            return;
        }
        scene.agenda().add(scene.tally().steps + steps, () -> {
            disturb(scene, "mv s back", 2);
            if (Files.isDirectory(scene.setting().directory())) {
                Files.move(away, scene.setting().socket(), StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.delete(away);
            }
            scene.oracle().reach().forget();
        });
    }

    /** Removes the whole directory and makes it anew. */
    static void removeDirectory(Scene scene, Dice dice) throws IOException {
        int steps = dice.below(4);
        boolean atOnce = dice.chance(50);
        Path directory = scene.setting().directory();
        if (!Files.isDirectory(directory)) {
            scene.say("there is no directory");
            return;
        }
        scene.say("rm -r d, for " + steps + " steps" + (atOnce ? ", moved away first" : ""));
        scene.oracle().disturbed(2);
        scene.tally().files++;
        Faults.Fault fault = scene.faults().began(Faults.Kind.FILES);
        Path victim = atOnce ? directory.resolveSibling("gone" + scene.tally().steps) : directory;
        if (atOnce) {
            Files.move(directory, victim, StandardCopyOption.ATOMIC_MOVE);
        }
        delete(victim);
        scene.agenda().add(scene.tally().steps + steps, () -> {
            scene.say("mkdir d");
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            fault.end();
        });
    }

    /** As often as somebody puts new files into it. */
    static void delete(Path directory) throws IOException {
        boolean empty = false;
        while (!empty) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    if (Files.isDirectory(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                        delete(file);
                    } else {
                        Files.deleteIfExists(file);
                    }
                }
            }
            try {
                Files.delete(directory);
                empty = true;
            } catch (DirectoryNotEmptyException e) {
                // Once more.
                empty = false;
            }
        }
    }

    /** A regular file where the socket was: a connect is refused, and the file is kept as it is. */
    static void plantFile(Scene scene, Dice dice) throws IOException {
        byte[] content = dice.bytes(dice.between(0, 3000));
        Path socket = scene.setting().socket();
        Path planted = scene.setting().home().resolve("planted");
        if (!Files.isDirectory(scene.setting().directory())) {
            scene.say("no directory to put a file into");
            return;
        }
        scene.say("a regular file at the path");
        scene.oracle().disturbed(1);
        scene.tally().files++;
        Faults.Fault fault = scene.faults().began(Faults.Kind.FILES);
        Files.write(planted, content);
        Files.move(planted, socket, StandardCopyOption.ATOMIC_MOVE);
        try (Connection<Ledger> connection = Bounded.within(REFUSAL_MILLIS, "a connect", () -> scene.setting()
                .daemon("v1", REFUSAL_MILLIS)
                .connect())) {
            throw new Violation("a regular file is at the path, and a connect reached "
                    + connection.pid().orElse(0));
        } catch (AutoDaemonException e) {
            if (!String.valueOf(e.getMessage()).contains("a regular file, not a socket")) {
                throw new Violation("a regular file is at the path, and a connect says: " + e);
            }
        }
        // Long enough for a daemon that was about to listen, or to leave, to find it.
        Waiting.pause(dice.below(1500));
        if (!Files.isRegularFile(socket) || !Arrays.equals(content, Files.readAllBytes(socket))) {
            throw new Violation("the regular file at the path was not kept");
        }
        Files.delete(socket);
        fault.end();
    }

    /** Fills the file system to its last byte, and makes room again later. */
    static void fill(Scene scene, Dice dice) throws IOException {
        int steps = dice.between(1, 15);
        Path ballast = scene.setting().directory().resolve("ballast");
        if (Files.exists(ballast)) {
            scene.say("is full");
            return;
        }
        scene.say("fill the file system for " + steps + " steps");
        scene.tally().files++;
        Faults.Fault fault = scene.faults().began(Faults.Kind.FULL);
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            fill(channel);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException("nobody else makes " + ballast, e);
        }
        scene.agenda().add(scene.tally().steps + steps, () -> {
            scene.say("empty the file system");
            Files.delete(ballast);
            fault.end();
        });
    }

    private static void fill(FileChannel channel) throws IOException {
        for (int size = 64 * 1024; size > 0; size /= 8) {
            boolean room = true;
            while (room) {
                try {
                    room = channel.write(ByteBuffer.allocate(size)) > 0;
                } catch (IOException e) {
                    // ENOSPC, which is what was wanted.
                    room = false;
                }
            }
        }
    }
}
