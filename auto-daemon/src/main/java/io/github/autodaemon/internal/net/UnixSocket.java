package io.github.autodaemon.internal.net;

import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.SocketPath;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One attempt to connect, with an unambiguous outcome. */
public final class UnixSocket {
    /** All Unix sockets of this network namespace, including sockets with a path. */
    private static final Path SOCKETS = Path.of("/proc/net/unix");

    private static final int TYPE = 4;
    private static final int NAME = 7;
    private static final String STREAM = "0001";

    /** The possible results of an attempt. */
    public enum Outcome {
        /** A listener accepted the connection, or will. */
        CONNECTED,
        /** Nothing is at the path. */
        ABSENT,
        /** A socket is at the path, without a listener. */
        REFUSED,
        /** A listener is there, and its queue of connections is full. */
        BUSY
    }

    /**
     * The result of an attempt.
     *
     * @param outcome the kind of the result
     * @param channel non-blocking, present if connected
     * @param message the system's message, if not connected
     * @param file the attributes of the file at the path then; null when there was none
     */
    public record Attempt(
            Outcome outcome,
            @Nullable SocketChannel channel,
            String message,
            @Nullable BasicFileAttributes file) {

        /**
         * Whether the path leads to another socket by now, or to none: the daemon of the first socket has given it up.
         */
        public boolean isOutdated(SocketPath socket) throws IOException {
            BasicFileAttributes now = look(socket);
            return file == null
                    || now == null
                    || !Objects.equals(file.fileKey(), now.fileKey())
                    || !file.lastModifiedTime().equals(now.lastModifiedTime());
        }
    }

    private UnixSocket() {}

    /**
     * Tries once, without waiting. A symbolic link is not followed: connect(2) would follow it to a daemon that this
     * path does not name.
     *
     * @throws IOException for every failure that proves neither the presence nor the absence of a listener; the message
     *     names the failure
     */
    public static Attempt connect(SocketPath socket) throws IOException {
        BasicFileAttributes file = look(socket);
        if (file == null) {
            return new Attempt(Outcome.ABSENT, null, "", null);
        }
        if (!file.isOther()) {
            throw noSocket(socket);
        }
        HeadStart.await();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean keep = false;
        try {
            channel.configureBlocking(false);
            boolean connected = channel.connect(socket.address());
            keep = connected;
            return new Attempt(connected ? Outcome.CONNECTED : Outcome.BUSY, connected ? channel : null, "", file);
        } catch (IOException e) {
            return new Attempt(classify(socket, e), null, String.valueOf(e.getMessage()), file);
        } finally {
            if (!keep) {
                channel.close();
            }
        }
    }

    /** The file's basic attributes; the Unix attributes take longer to load. */
    private static @Nullable BasicFileAttributes look(SocketPath socket) throws IOException {
        try {
            return Files.readAttributes(socket.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            // For a directory of another user the directory rule gives the better message.
            socket.checkDirectory();
            throw e;
        }
    }

    private static IOException noSocket(SocketPath socket) throws IOException {
        FileFacts facts = FileFacts.of(socket.path());
        return new IOException(socket + " is " + (facts == null ? "not there any more" : facts.kind())
                + ", not a socket; it was left as it is. Move it away or use another path");
    }

    /**
     * The socket of a named daemon: in this user's default directory or, if the daemon was started before this user's
     * first login and still serves, in the default directory of that time. Creates nothing.
     */
    public static SocketPath named(String name) throws IOException {
        SocketPath socket = SocketPath.named(name);
        SocketPath other = socket.other(name);
        return other != null && isServed(other) ? other : socket;
    }

    /** Whether a daemon serves at a path, or is starting, or has not quite ended. */
    public static boolean isInUse(SocketPath socket) throws IOException {
        if (isServed(socket)) {
            return true;
        }
        LockFile lock = FileFacts.of(socket.addressLock()) == null ? null : LockFile.tryAcquire(socket.addressLock());
        if (lock != null) {
            lock.close();
        }
        return lock == null && FileFacts.of(socket.addressLock()) != null;
    }

    /** Whether a process listens at the path. */
    public static boolean isServed(SocketPath socket) throws IOException {
        Attempt attempt = connect(socket);
        SocketChannel channel = attempt.channel();
        if (channel != null) {
            channel.close();
        }
        return attempt.outcome() == Outcome.CONNECTED || attempt.outcome() == Outcome.BUSY;
    }

    /**
     * A regular file and a directory refuse like a stale socket, and the messages are the platform's, so the facts
     * about the file decide.
     */
    private static Outcome classify(SocketPath socket, IOException e) throws IOException {
        FileFacts facts = FileFacts.of(socket.path());
        if (facts == null) {
            return Outcome.ABSENT;
        }
        if (!facts.isSocket()) {
            throw noSocket(socket);
        }
        if (e instanceof ConnectException) {
            return Outcome.REFUSED;
        }
        if (!Files.isWritable(socket.path())) {
            throw new IOException("connecting to " + socket + " is not permitted: " + e.getMessage(), e);
        }
        // The socket may be bound with another spelling of its path; the message may be in another language.
        if (String.valueOf(e.getMessage()).contains("wrong type") || isNoStream(socket)) {
            throw new IOException(
                    socket + " is a socket of another kind, for datagrams or packets (" + e.getMessage()
                            + "); it was left as it is. Move it away or use another path",
                    e);
        }
        // EAGAIN: the queue of connections is full. Another cause (the path came into being between the attempt and the
        // look, say) is resolved by looking again, or ended by the deadline.
        return Outcome.BUSY;
    }

    private static boolean isNoStream(SocketPath socket) throws IOException {
        if (Files.isReadable(SOCKETS)) {
            for (String line : Files.readAllLines(SOCKETS, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.strip().split(" +", NAME + 1);
                if (fields.length > NAME && !fields[TYPE].equals(STREAM) && isAt(socket, fields[NAME])) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The name is the path text that the socket was bound with, in bytes. */
    private static boolean isAt(SocketPath socket, String name) {
        String bound = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return bound.equals(socket.toString());
    }
}
