package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files and directories that are this user's alone. Links are never followed, and nothing is chmod-ed. */
public final class PrivateFiles {
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String ANOTHER = "To use another, set XDG_RUNTIME_DIR to a directory of yours with mode 0700,"
            + " or give the daemon a socket(...)";

    private static final int ATTEMPTS = 100;

    private PrivateFiles() {}

    /** Creates a directory for this user only, unless it exists, and checks it. */
    public static void createPrivateDirectory(Path directory) throws IOException {
        Path parent = directory.getParent();
        String above = parent == null ? null : whoElseWrites(parent);
        if (above != null) {
            throw new UnsafePathException(
                    "the directory " + directory + " is not safe, since its parent is not: " + above + ". " + ANOTHER);
        }
        try {
            Files.createDirectory(directory, DIRECTORY_MODE);
        } catch (FileAlreadyExistsException e) {
            // Checked below like a new one: another process may have created it, or planted it.
        } catch (IOException e) {
            throw new IOException("the directory " + directory + " cannot be created: " + e + ". " + ANOTHER, e);
        }
        FileFacts facts = FileFacts.of(directory);
        String broken = brokenRule(directory, facts);
        if (broken != null) {
            throw new UnsafePathException("the directory " + directory + " is not safe: " + broken + ". " + ANOTHER);
        }
    }

    /** Whether it is a directory for this user only. */
    public static boolean isPrivateDirectory(Path directory) {
        try {
            return brokenRule(directory, FileFacts.of(directory)) == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable String brokenRule(Path directory, @Nullable FileFacts facts) throws IOException {
        if (facts == null) {
            return "it vanished while it was being created";
        }
        if (!facts.isDirectory()) {
            return "it is " + facts.kind() + " and must be a directory";
        }
        if (facts.uid() != CurrentUser.uid()) {
            return "it belongs to user id " + facts.uid() + " and must belong to " + CurrentUser.uid();
        }
        if (facts.permissionsOfOthers() != 0) {
            return "its mode is " + octal(facts) + " and must be 0700 (chmod 700 " + directory + ")";
        }
        return null;
    }

    /**
     * Checks a directory chosen by the user: nobody else may be able to replace what this user puts into it.
     *
     * @throws UnsafePathException when somebody can, or when it is no directory
     */
    static void checkParent(Path directory) throws IOException {
        String broken = whoElseWrites(directory);
        if (broken != null) {
            throw new UnsafePathException("the directory " + directory + " is not safe for a socket: " + broken
                    + "; or use another directory, of your own");
        }
    }

    /**
     * How somebody else could replace what lies in a directory, and how to mend that; null when nobody can. Who can rename a
     * directory above it can put another in its place, so all up to the root are looked at. A sticky one, such as {@code /tmp},
     * lets nobody move what is not theirs.
     */
    public static @Nullable String whoElseWrites(Path directory) throws IOException {
        FileFacts facts = FileFacts.of(directory);
        if (facts == null) {
            return "it does not exist; create it first, with mode 0700";
        }
        if (!facts.isDirectory()) {
            return "it is " + facts.kind() + " and must be a directory";
        }
        Path own = directory.toRealPath();
        for (Path place = own; place != null; place = place.getParent()) {
            String broken = brokenPlace(place, own);
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private static @Nullable String brokenPlace(Path place, Path directory) throws IOException {
        String name = place.equals(directory) ? "it" : place + " above it";
        FileFacts facts = FileFacts.of(place);
        if (facts == null) {
            return name + " was taken away meanwhile; try again";
        }
        int self = CurrentUser.uid();
        boolean trusted = facts.uid() == 0
                || facts.uid() == self
                // In a container without the superuser outside, what is the superuser's there is nobody's here.
                || (!place.equals(directory) && CurrentUser.standsForMany(facts.uid()));
        if (!trusted) {
            return name + " belongs to user id " + facts.uid() + " and must belong to " + self + " or to root (chown "
                    + self + " " + place + ")";
        }
        boolean others = (facts.mode() & 02) != 0;
        if (facts.isSticky() || !(others || ((facts.mode() & 020) != 0 && !Group.isOwners(place)))) {
            return null;
        }
        return (others ? "everybody may write to " : "the group " + facts.gid() + " may write to ") + name + " (mode "
                + octal(facts) + "; chmod " + (others ? "o-w " : "g-w ") + place + ")";
    }

    private static String octal(FileFacts facts) {
        return "0" + Integer.toOctalString(facts.mode() & 07777);
    }

    /** Creates an empty file, mode 0600, unless there is one; it must be a regular file of this user. */
    static FileFacts createIfMissing(Path file) throws IOException {
        FileFacts facts = FileFacts.of(file);
        // Somebody may be quicker to create it, which the check sees to, or may delete it again.
        for (int i = 0; i < ATTEMPTS && facts == null; i++) {
            try {
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)
                        .close();
            } catch (FileAlreadyExistsException e) {
                assert i >= 0;
            }
            facts = FileFacts.of(file);
        }
        if (facts == null) {
            throw new IOException("the file " + file + " vanished " + ATTEMPTS + " times while it was being created");
        }
        checkOwn(file, facts);
        return facts;
    }

    static void checkOwn(Path file, FileFacts facts) throws IOException {
        if (!facts.isRegular() || facts.uid() != CurrentUser.uid()) {
            throw new UnsafePathException("the file " + file + " is not safe to use: it is " + facts.kind()
                    + " of user id " + facts.uid() + " and must be a regular file of user id " + CurrentUser.uid());
        }
    }

    /**
     * Replaces a small file in one step: readers see the old content or the new, never half of it. One process at a time
     * does it, under one of the locks; what a killed one left half done is overwritten by the next.
     */
    public static void replace(Path file, String content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        boolean done = false;
        try (FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** The text of a small file of this user; null when there is none, or when it is not to be trusted. */
    public static @Nullable String readIfOwn(Path file, int limit) throws IOException {
        FileFacts facts = FileFacts.of(file);
        if (facts == null || !facts.isRegular() || facts.uid() != CurrentUser.uid() || facts.size() > limit) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer bytes = ByteBuffer.allocate(limit);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until the end.
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }

    /** A path that somebody else could have prepared, or could change. */
    public static final class UnsafePathException extends IOException {
        private static final long serialVersionUID = 1;

        UnsafePathException(String message) {
            super(message);
        }
    }
}
