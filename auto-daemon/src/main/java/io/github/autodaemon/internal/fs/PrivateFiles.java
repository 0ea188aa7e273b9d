package io.github.autodaemon.internal.fs;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files and directories that only this user can access. Symbolic links are never followed, and no file is chmod-ed. */
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
            // Checked below like a new directory: another process may have created the directory, or planted it.
        } catch (IOException e) {
            throw new IOException(
                    "the directory " + directory + " cannot be created: " + reason(e) + ". " + ANOTHER, e);
        }
        checkPrivateDirectory(directory);
    }

    static void checkPrivateDirectory(Path directory) throws IOException {
        FileFacts facts = FileFacts.of(directory);
        String broken = brokenRule(directory, facts);
        if (broken != null) {
            throw new UnsafePathException("the directory " + directory + " is not safe: " + broken + ". " + ANOTHER);
        }
    }

    /** True if the path is a directory for this user only. */
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
     * Checks a directory chosen by the user: no other user may be able to replace this user's files in it.
     *
     * @throws UnsafePathException when another user can, or when the path is no directory
     */
    static void checkParent(Path directory) throws IOException {
        String broken = whoElseWrites(directory);
        if (broken != null) {
            throw new UnsafePathException("the directory " + directory + " is not safe for a socket: " + broken
                    + "; or use another directory, of your own");
        }
    }

    /**
     * How another user could replace files in a directory, and how to mend this; null when none can. A user that can
     * rename a parent directory can put another in its place, so all directories up to the root are checked. A sticky
     * directory, such as {@code /tmp}, lets no user move another user's files.
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
                // In a container that does not map the outside superuser, the outside superuser's files belong to the
                // overflow id.
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
        // Another process may create the file first, which the check handles, or may delete it again.
        for (int i = 0; i < ATTEMPTS && facts == null; i++) {
            try {
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)
                        .close();
            } catch (FileAlreadyExistsException e) {
                assert i >= 0;
            } catch (IOException e) {
                throw new IOException(
                        "a file cannot be created: " + reason(e) + "; mend that, or use another directory", e);
            }
            facts = FileFacts.of(file);
        }
        if (facts == null) {
            throw new IOException("the file " + file + " vanished " + ATTEMPTS + " times while it was being created");
        }
        checkOwn(file, facts);
        return facts;
    }

    /** It must be a regular file of this user. */
    public static void checkOwn(Path file, FileFacts facts) throws IOException {
        if (!facts.isRegular() || facts.uid() != CurrentUser.uid()) {
            throw new UnsafePathException("the file " + file + " is not safe to use: it is " + facts.kind()
                    + " of user id " + facts.uid() + " and must be a regular file of user id " + CurrentUser.uid()
                    + "; delete it (rm " + file + "), or use another directory");
        }
    }

    /**
     * Opens a file of this user. In a safe directory no other user can replace the file; in an unsafe directory, if the
     * path names the same file before and after, that file is most likely the opened file.
     *
     * @throws NoSuchFileException when there is none
     * @throws UnsafePathException when the file is no regular file, or another user's
     */
    static FileChannel open(Path file, StandardOpenOption how) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            FileFacts facts = FileFacts.of(file);
            if (facts == null) {
                throw new NoSuchFileException(file.toString());
            }
            checkOwn(file, facts);
            FileChannel channel = FileChannel.open(file, how, LinkOption.NOFOLLOW_LINKS);
            if (facts.sameFile(FileFacts.of(file))) {
                return channel;
            }
            channel.close();
        }
        throw new IOException("the file " + file + " was replaced " + ATTEMPTS + " times in a row");
    }

    /**
     * Replaces a small file in one step: readers see the old content or the new, never half of it. One process at a
     * time replaces the file, under one of the locks; the half-written file of a killed process is overwritten by the
     * next.
     */
    public static void replace(Path file, String content) throws IOException {
        Path temporary = besides(file);
        boolean done = false;
        try (OutputStream out = create(temporary)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /**
     * The path of a temporary file that is to replace a file; there is no file at this path.
     *
     * @throws UnsafePathException when a file at this path may not be replaced by this user
     */
    public static Path besides(Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        for (Path place : List.of(file, temporary)) {
            FileFacts facts = FileFacts.of(place);
            if (facts != null) {
                checkOwn(place, facts);
            }
        }
        Files.deleteIfExists(temporary);
        return temporary;
    }

    /** Creates a file, mode 0600, to be written by a thread that may be interrupted, which would close a channel. */
    public static OutputStream create(Path file) throws IOException {
        FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)
                .close();
        return new FileOutputStream(file.toFile());
    }

    /**
     * The text of a small file of this user that has one name; null when there is none, or when the file is not to be
     * trusted.
     */
    public static @Nullable String readIfOwn(Path file, int limit) throws IOException {
        FileFacts facts = FileFacts.of(file);
        if (facts == null
                || !facts.isRegular()
                || facts.uid() != CurrentUser.uid()
                || facts.links() > 1
                || facts.size() > limit) {
            return null;
        }
        try (FileChannel channel = open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(limit);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until the end.
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** The system's message and the file's name; several of Java's exceptions have only the file. */
    public static String reason(IOException e) {
        if (e instanceof FileSystemException failed && failed.getReason() == null) {
            String what = e instanceof AccessDeniedException
                    ? "Permission denied"
                    : e instanceof NoSuchFileException
                            ? "No such file or directory"
                            : e instanceof FileAlreadyExistsException
                                    ? "File exists"
                                    : e.getClass().getSimpleName();
            return e.getMessage() + ": " + what;
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** As {@link #reason(IOException)}, with advice where there is only the system's message. */
    public static String reason(IOException e, Path socket) {
        return reason(e)
                + (e instanceof FileSystemException
                        ? ", which the daemon at " + socket + " needs; try again, or use another directory"
                        : "");
    }

    /** A path that another user could have prepared, or could change. */
    public static final class UnsafePathException extends IOException {
        private static final long serialVersionUID = 1;

        UnsafePathException(String message) {
            super(message);
        }
    }

    /**
     * A path out of text that came from another process.
     *
     * @throws IOException when this JVM cannot name such a file
     */
    public static Path parse(String text) throws IOException {
        try {
            return Path.of(text);
        } catch (IllegalArgumentException e) {
            throw unnameable(text, e);
        }
    }

    /** In the C locale a JVM cannot open a file with a non-ASCII name, but it can list one. */
    static IOException unnameable(String text, @Nullable Exception cause) {
        return new IOException(
                "the path " + text + " cannot be used by a JVM whose encoding is "
                        + System.getProperty("sun.jnu.encoding") + "; run it with LC_ALL=C.UTF-8 in its environment",
                cause);
    }
}
