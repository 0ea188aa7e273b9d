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
 * Where a daemon listens. The socket's canonical path is the daemon's identity: the names of its locks, its log and
 * its info file are derived from it and from nothing else, so that a cron job and a terminal meet.
 *
 * @param path absolute; its directory is canonical
 * @param ownDirectory whether the directory is this library's default one, created when missing
 */
public record SocketPath(Path path, boolean ownDirectory) {
    /** The longest path the kernel takes is 107 bytes, and Java on Linux gives away one of them. */
    private static final int MAX_BYTES = 106;

    private static final int MAX_NAME = 48;
    private static final String SUFFIX = ".sock";
    private static final String BESIDE = "+";
    private static final int HASH_LENGTH = 1 + 16;

    /** Stands for bytes that are no text in this JVM's encoding. */
    private static final char UNDECODABLE = '\uFFFD';

    /** The socket of a named daemon in this user's default directory. Creates nothing. */
    public static SocketPath named(String name) throws IOException {
        return in(RuntimeDirectory.path(), name);
    }

    /** The other place where the daemon of this name may be by now; null when there is none. */
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
     * The place beside this one for a daemon of one fingerprint; null when its path would be too long. No name has a "+" in
     * its file.
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

    /** Whether anything is there, and be it a socket that nobody listens on. */
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
     * Names are short and plain; what is not is cut and kept apart by a hash, so that two names never meet in one file.
     *
     * @param room how many bytes the file name may have, where that can be helped
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
        // Where nothing has room the name stays what it is, for the message.
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

    /** Makes sure that the directory exists and is safe; called before anything is written. */
    public void prepareDirectory() throws IOException {
        CurrentUser.checkMapped();
        if (ownDirectory) {
            checkLength(path, "set XDG_RUNTIME_DIR to a directory of yours with a shorter path and mode 0700");
            PrivateFiles.createPrivateDirectory(directory());
        } else {
            checkDirectory();
        }
    }

    /** The directory exists and is safe. */
    public void checkDirectory() throws IOException {
        if (ownDirectory) {
            PrivateFiles.checkPrivateDirectory(directory());
        } else {
            PrivateFiles.checkParent(directory());
        }
    }

    /** Where the socket is. */
    public Path directory() {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException("a socket path without a directory: " + path);
        }
        return parent;
    }

    /** Held by a client while it looks, starts and waits. */
    public Path spawnLock() {
        return sibling(".spawn");
    }

    /** Held by the daemon that owns the socket path. */
    public Path addressLock() {
        return sibling(".lock");
    }

    /** What the daemon's process wrote. */
    public Path log() {
        return sibling(".log");
    }

    /** Who the last daemon was; for messages only. */
    public Path info() {
        return sibling(".info");
    }

    /** Why the last start failed, for those who waited for it. */
    public Path failure() {
        return sibling(".failed");
    }

    /** What a command line has no room for, until it is read. */
    public Path arguments() {
        return sibling(".arguments");
    }

    /** The starts and ends of the daemons here. */
    public Path history() {
        return sibling(".history");
    }

    /** The log of the run before this one. */
    public Path previousLog() {
        return sibling(".log.previous");
    }

    /** The log of a daemon that is to take the place of the one that serves, until it does. */
    public Path nextLog() {
        return sibling(".log.next");
    }

    /** The part of this run's log that had no room in it any more. */
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
