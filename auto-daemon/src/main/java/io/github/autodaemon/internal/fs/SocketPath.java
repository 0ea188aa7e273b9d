package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The path that a daemon listens at. The socket's canonical path is the daemon's identity: the names of its locks, its
 * log and its info file are derived only from this path, so that a cron job and a terminal find the same daemon.
 *
 * @param path absolute; its directory is canonical
 * @param ownDirectory whether the directory is this library's default one, created when missing
 */
public record SocketPath(Path path, boolean ownDirectory) {
    /** The longest path the kernel takes is 107 bytes, and Java on Linux cannot use one of them. */
    private static final int MAX_BYTES = 106;

    private static final int MAX_NAME = 48;
    private static final String SUFFIX = ".sock";
    private static final String BESIDE = "+";
    private static final int HASH_LENGTH = 1 + 16;

    /** The replacement character for bytes that are no text in this JVM's encoding. */
    private static final char UNDECODABLE = '\uFFFD';

    /** The socket of a named daemon in this user's default directory. Creates nothing. */
    public static SocketPath named(String name) throws IOException {
        return in(RuntimeDirectory.path(), name);
    }

    /** The other path at which the daemon of this name may be; null when there is none. */
    public @Nullable SocketPath other(String name) throws IOException {
        Path directory = RuntimeDirectory.other(directory());
        return directory == null ? null : in(directory, name);
    }

    private static SocketPath in(Path directory, String name) {
        int room = MAX_BYTES - bytes(directory) - 1;
        return new SocketPath(directory.resolve(fileName(name, room)), true);
    }

    /**
     * The socket at a path chosen by the user.
     *
     * @throws IOException when the path is too long, or its directory does not exist or is not safe
     */
    public static SocketPath at(Path chosen) throws IOException {
        Path absolute = chosen.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            throw new IOException("the socket path " + chosen + " names no file");
        }
        Path canonical;
        try {
            canonical = parent.toRealPath().resolve(name);
        } catch (NoSuchFileException e) {
            throw new PrivateFiles.UnsafePathException(
                    "the directory of the socket " + chosen + " does not exist; create it first, with mode 0700");
        } catch (FileSystemException e) {
            throw new IOException(
                    "the directory of the socket " + chosen + " cannot be used: " + PrivateFiles.reason(e)
                            + "; mend that, or use another",
                    e);
        }
        if (canonical.toString().indexOf(UNDECODABLE) >= 0) {
            throw PrivateFiles.unnameable(canonical.toString(), null);
        }
        checkLength(canonical, "use a shorter directory, or a name instead of a path");
        return new SocketPath(canonical, false);
    }

    /**
     * The path beside this one for a daemon of one fingerprint; null when that path would be too long. No name has a
     * "+" in its file.
     */
    public @Nullable SocketPath beside(String digest) {
        String file = String.valueOf(path.getFileName());
        boolean plain = file.endsWith(SUFFIX);
        String stem = plain ? file.substring(0, file.length() - SUFFIX.length()) : file;
        String end = BESIDE + digest + (plain ? SUFFIX : "");
        Path other = path.resolveSibling(stem + end);
        if (bytes(other) > MAX_BYTES) {
            other = path.resolveSibling(hash(file) + end);
        }
        return bytes(other) > MAX_BYTES ? null : new SocketPath(other, ownDirectory);
    }

    /** True if there is a file at the path, even a socket without a listener. */
    public boolean exists() throws IOException {
        return FileFacts.of(path) != null;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static void checkLength(Path path, String advice) throws IOException {
        int length = bytes(path);
        if (length > MAX_BYTES) {
            throw new IOException(
                    "the socket path " + path + " has " + length + " bytes, the limit is " + MAX_BYTES + "; " + advice);
        }
    }

    /**
     * The file name for a name. A name that is not short and plain is cut and made unique by a hash, so that two names
     * never share one file.
     *
     * @param room how many bytes the file name may have, if possible
     */
    private static String fileName(String name, int room) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < name.length() && plain.length() < MAX_NAME; i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || (c == '.' && i > 0);
            plain.append(letter ? c : '_');
        }
        int most = room - HASH_LENGTH - SUFFIX.length();
        boolean same = plain.toString().equals(name);
        // If there is no room at all the name stays unchanged, for the message.
        if (same && (name.length() + SUFFIX.length() <= room || most < 0)) {
            return name + SUFFIX;
        }
        plain.setLength(Math.max(0, Math.min(plain.length(), most)));
        return plain + hash(name) + SUFFIX;
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            // A plain name cannot have the "~".
            return "~" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The address to bind or connect to. */
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    /** Makes sure that the directory exists and is safe; called before any file is written. */
    public void prepareDirectory() throws IOException {
        CurrentUser.checkMapped();
        if (ownDirectory) {
            checkLength(path, "set XDG_RUNTIME_DIR to a directory of yours with a shorter path and mode 0700");
            PrivateFiles.createPrivateDirectory(directory());
        } else {
            checkDirectory();
        }
    }

    /** Checks that the directory exists and is safe. */
    public void checkDirectory() throws IOException {
        if (ownDirectory) {
            PrivateFiles.checkPrivateDirectory(directory());
        } else {
            PrivateFiles.checkParent(directory());
        }
    }

    /** The directory of the socket. */
    public Path directory() {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException("a socket path without a directory: " + path);
        }
        return parent;
    }

    /** The lock that a client holds while it looks, starts and waits. */
    public Path spawnLock() {
        return sibling(".spawn");
    }

    /** The lock of the daemon that owns the socket path. */
    public Path addressLock() {
        return sibling(".lock");
    }

    /** The log of the daemon's process. */
    public Path log() {
        return sibling(".log");
    }

    /** The info file with the hello of the last daemon; for messages only. */
    public Path info() {
        return sibling(".info");
    }

    /** The note of the last start's failure, for the clients that waited for the start. */
    public Path failure() {
        return sibling(".failed");
    }

    /** The argument file with the parts that a command line has no room for, until the daemon reads it. */
    public Path arguments() {
        return sibling(".arguments");
    }

    /** The history: the starts and ends of the daemons at this path. */
    public Path history() {
        return sibling(".history");
    }

    /** The log of the previous run. */
    public Path previousLog() {
        return sibling(".log.previous");
    }

    /** The log of a successor, until it takes the place of the serving daemon. */
    public Path nextLog() {
        return sibling(".log.next");
    }

    /** The older part of this run's log, which the bounded log has no room for. */
    public Path olderLog() {
        return sibling(".log.older");
    }

    private Path sibling(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
