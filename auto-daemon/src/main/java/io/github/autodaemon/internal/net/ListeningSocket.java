package io.github.autodaemon.internal.net;

import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A socket this process listens on, and the file that names it. Only the holder of the address lock makes one. */
public final class ListeningSocket {
    /** Linux cuts the backlog to {@code net.core.somaxconn}; past the JDK's default of 50, clients get EAGAIN. */
    private static final int BACKLOG = 4096;

    private static final int ATTEMPTS = 3;

    private final SocketPath path;
    private final ServerSocketChannel channel;
    private final FileFacts facts;
    private final boolean adopted;

    private ListeningSocket(SocketPath path, ServerSocketChannel channel, FileFacts facts, boolean adopted) {
        this.path = path;
        this.channel = channel;
        this.facts = facts;
        this.adopted = adopted;
    }

    /**
     * Takes over a socket that the parent of this process has bound and listens on. The parent owns the socket's file,
     * and the file stays: a client that connects after this process has closed the socket waits for the process that
     * the parent starts next.
     */
    public static ListeningSocket adopt(SocketPath path, ServerSocketChannel channel) throws IOException {
        FileFacts facts = FileFacts.of(path.path());
        if (facts == null || !facts.isSocket()) {
            throw new IOException("the socket that was handed over says that it is at " + path + ", and there is "
                    + (facts == null ? "nothing" : facts.kind()));
        }
        channel.configureBlocking(false);
        return new ListeningSocket(path, channel, facts, true);
    }

    /**
     * Binds and listens; a socket file without a listener is replaced.
     *
     * @param lock the address lock, which is held; the identity of the binding process is written into it
     * @return null when a process that does not use the lock (an npm daemon) answers at the path
     * @throws IOException when the path names another kind of file, which is left as it is
     */
    public static @Nullable ListeningSocket bind(SocketPath path, LockFile lock) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return bindOnce(path, lock);
            } catch (BindException e) {
                // A daemon without our lock was quicker: npm's daemon, or a daemon of this library whose lock file was
                // deleted.
                if (FileFacts.of(path.path()) == null) {
                    throw e;
                }
            }
        }
        return null;
    }

    private static @Nullable ListeningSocket bindOnce(SocketPath path, LockFile lock) throws IOException {
        UnixSocket.Attempt attempt = UnixSocket.connect(path);
        switch (attempt.outcome()) {
            case CONNECTED -> {
                SocketChannel answered = attempt.channel();
                if (answered != null) {
                    answered.close();
                }
                if (!isOrphan(path, lock)) {
                    return null;
                }
                Files.deleteIfExists(path.path());
            }
            case BUSY -> {
                if (!isOrphan(path, lock)) {
                    return null;
                }
                Files.deleteIfExists(path.path());
            }
            case REFUSED -> Files.deleteIfExists(path.path());
            case ABSENT -> {
                // Free.
            }
        }
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(path.address(), BACKLOG);
            // A daemon has umask 077 and needs no change; a server in the foreground has the umask of its program.
            FileFacts facts = FileFacts.of(path.path());
            if (facts != null && facts.permissionsOfOthers() != 0) {
                Files.setPosixFilePermissions(path.path(), PosixFilePermissions.fromString("rwx------"));
                facts = FileFacts.of(path.path());
            }
            if (facts == null) {
                throw new IOException("the socket " + path + " vanished while it was being created");
            }
            channel.configureBlocking(false);
            write(lock, facts);
            return new ListeningSocket(path, channel, facts, false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void write(LockFile lock, FileFacts facts) {
        try {
            ProcessIdentity self = ProcessIdentity.current();
            lock.leaveNote(self.pid() + " " + self.started() + " " + mark(facts) + "\n");
        } catch (IOException e) {
            // A full disk. The note matters only if this process leaves the socket to a child.
            return;
        }
    }

    private static String mark(FileFacts facts) {
        return facts.device() + ":" + facts.inode() + ":" + facts.modified().toMillis();
    }

    /**
     * Whether the socket at the path was bound by a dead daemon and is kept open only by a child that native code has
     * forked: Java cannot set close-on-exec. The socket's queue takes connections that no process will ever serve. A
     * child does not inherit the lock: the holder of the lock knows that no daemon holds it.
     *
     * @param lock the address lock, held
     */
    public static boolean isOrphan(SocketPath path, LockFile lock) throws IOException {
        FileFacts facts = FileFacts.of(path.path());
        String[] note = lock.note().strip().split(" ", -1);
        if (facts == null || note.length != 3 || !note[2].equals(mark(facts))) {
            return false;
        }
        try {
            return !new ProcessIdentity(Long.parseLong(note[0]), Long.parseLong(note[1])).isRunning();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * Whether the path names an orphaned socket. Called when no answer has come for a while; tries the lock.
     *
     * @param remove whether an orphaned socket is removed, under the lock
     */
    public static boolean isOrphan(SocketPath path, boolean remove) throws IOException {
        try (LockFile lock = Files.exists(path.addressLock()) ? LockFile.tryAcquire(path.addressLock()) : null) {
            boolean orphan = lock != null && isOrphan(path, lock);
            return (orphan && remove) ? Files.deleteIfExists(path.path()) : orphan;
        }
    }

    /** Listens in {@code loop}; {@code onConnection} gets each accepted channel. */
    public void accept(Loop loop, Acceptor onConnection) throws IOException {
        loop.register(channel, SelectionKey.OP_ACCEPT, new Loop.Handler() {
            @Override
            public void ready(SelectionKey key) {
                acceptAll(loop, key, onConnection);
            }
        });
    }

    private void acceptAll(Loop loop, SelectionKey key, Acceptor onConnection) {
        try {
            SocketChannel accepted = channel.accept();
            while (accepted != null) {
                onConnection.accepted(accepted);
                accepted = channel.accept();
            }
        } catch (ClosedChannelException e) {
            key.cancel();
        } catch (IOException e) {
            // Out of descriptors: accept(2) fails at once, and the connection stays in the queue, ready.
            pause(loop, key);
            onConnection.failed(e);
        }
    }

    private static void pause(Loop loop, SelectionKey key) {
        key.interestOps(0);
        loop.after(100_000_000, () -> {
            if (key.isValid()) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
        });
    }

    /** The callback for accepted connections. */
    public interface Acceptor {
        /** A connection was accepted. */
        void accepted(SocketChannel channel);

        /** accept(2) failed; the next attempt follows after a pause. */
        void failed(IOException e);
    }

    /**
     * Whether the path still names this socket. The modification time tells this socket from a later file with the same
     * inode number. The inode's change time would not do: a chmod, or a rename there and back, changes it and leaves
     * the same socket.
     */
    public boolean ownsPath() throws IOException {
        FileFacts now = FileFacts.of(path.path());
        return now != null && now.sameFile(facts) && now.modified().equals(facts.modified());
    }

    /** Stops listening, and removes the file if this process has created it and the path still names this socket. */
    public void close() throws IOException {
        try {
            if (!adopted && ownsPath()) {
                Files.deleteIfExists(path.path());
            }
        } finally {
            channel.close();
        }
    }
}
