package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code lstat(2)} for a path; never follows a symbolic link at its end.
 *
 * @param mode type and permission bits
 * @param uid the owner
 * @param gid the group
 * @param links how many names the file has
 * @param device the file system
 * @param inode the file; file systems reuse inode numbers, so a number identifies a file only together with a time
 * @param modified time of the last change of the content; of a socket, when it was bound
 * @param size bytes
 */
public record FileFacts(int mode, int uid, int gid, int links, long device, long inode, FileTime modified, long size) {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int REGULAR = 0100000;
    private static final int FIFO = 0010000;
    private static final int STICKY = 01000;

    /** The facts; null when there is no file. */
    public static @Nullable FileFacts of(Path path) throws IOException {
        return of(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The facts of the file that a descriptor leads to; null when there is no such descriptor, or no way to look. */
    public static @Nullable FileFacts ofOpen(Path descriptor) throws IOException {
        return of(descriptor, new LinkOption[0]);
    }

    private static @Nullable FileFacts of(Path path, LinkOption... options) throws IOException {
        try {
            Map<String, Object> all =
                    Files.readAttributes(path, "unix:mode,uid,gid,nlink,dev,ino,lastModifiedTime,size", options);
            return new FileFacts(
                    (int) value(all, "mode"),
                    (int) value(all, "uid"),
                    (int) value(all, "gid"),
                    (int) value(all, "nlink"),
                    (long) value(all, "dev"),
                    (long) value(all, "ino"),
                    (FileTime) value(all, "lastModifiedTime"),
                    (long) value(all, "size"));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static Object value(Map<String, Object> all, String name) {
        return Objects.requireNonNull(all.get(name), name);
    }

    /** Whether it is a socket. */
    public boolean isSocket() {
        return (mode & TYPE) == SOCKET;
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    /** Whether it is a regular file. */
    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    /** Whether it is a symbolic link. */
    public boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    /** True if only the owner may delete or rename a file in this directory. */
    public boolean isSticky() {
        return (mode & STICKY) != 0;
    }

    /** The permission bits for group and others. */
    public int permissionsOfOthers() {
        return mode & 077;
    }

    /** True for the same file, not only the same inode number. */
    public boolean sameFile(@Nullable FileFacts other) {
        return other != null && device == other.device && inode == other.inode;
    }

    /** The kind of file, in words. */
    public String kind() {
        return switch (mode & TYPE) {
            case SOCKET -> "a socket";
            case DIRECTORY -> "a directory";
            case LINK -> "a symbolic link";
            case REGULAR -> "a regular file";
            case FIFO -> "a named pipe";
            default -> "a special file";
        };
    }
}
