package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.ListeningSocket;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Hello;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket path that this process owns: the path's address lock is held, and then a listening socket is bound to the
 * path.
 */
public final class Address implements AutoCloseable {
    private static final long LOCK_POLL_MILLIS = 5;

    private final SocketPath path;
    private final LockFile lock;
    private @Nullable ListeningSocket listener;

    private Address(SocketPath path, LockFile lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the lock. A daemon takes it before anything else: its service may need resources that the predecessor still
     * has open.
     *
     * @param patience nanoseconds to wait for a predecessor that is about to give the path up
     * @throws TakenException when another daemon serves at the path
     */
    public static Address reserve(SocketPath path, long patience) throws IOException {
        path.prepareDirectory();
        return new Address(path, lock(path, System.nanoTime() + patience));
    }

    /** Takes a socket that the parent of this process has bound at the path, instead of binding a new socket. */
    public void adopt(ServerSocketChannel channel) throws IOException {
        listener = ListeningSocket.adopt(path, channel);
    }

    /** Binds, unless a socket was adopted, and listens in {@code loop}. */
    void listen(Loop loop, ListeningSocket.Acceptor acceptor) throws IOException {
        ListeningSocket adopted = listener;
        ListeningSocket bound = adopted == null ? ListeningSocket.bind(path, lock) : adopted;
        if (bound == null) {
            throw new TakenException(path, holder(path));
        }
        listener = bound;
        bound.accept(loop, acceptor);
    }

    /**
     * A mere probe releases the lock at once, a retiring daemon soon. A serving daemon says hello; an accepted
     * connection is not enough, since a process that is being killed accepts connections until its descriptors are
     * closed.
     */
    private static LockFile lock(SocketPath path, long deadline) throws IOException {
        SocketChannel asked = null;
        try {
            while (true) {
                LockFile lock = LockFile.tryAcquire(path.addressLock());
                if (lock != null) {
                    return lock;
                }
                if (asked == null) {
                    asked = UnixSocket.connect(path).channel();
                }
                int answer = asked == null ? 0 : answer(asked);
                if (answer > 0) {
                    throw new TakenException(path, holder(path));
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new TakenException(path, LockFile.holder(path.addressLock()));
                }
                if (answer < 0 && asked != null) {
                    asked.close();
                    asked = null;
                }
                Thread.sleep(LOCK_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the lock of " + path, e);
        } finally {
            if (asked != null) {
                asked.close();
            }
        }
    }

    /** The number of bytes that the peer has sent; 0 when none yet, -1 when the peer is gone. */
    private static int answer(SocketChannel asked) {
        try {
            return asked.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return -1;
        }
    }

    private static long holder(SocketPath path) throws IOException {
        return Hello.pid(PrivateFiles.readIfOwn(path.info(), Hello.MAX_INFO));
    }

    SocketPath path() {
        return path;
    }

    /** True if the path still leads to this socket. */
    boolean leadsHere() throws IOException {
        ListeningSocket bound = listener;
        return bound != null && bound.ownsPath();
    }

    /** Stops listening and removes the socket's file if it is still ours. */
    void giveUpPath() throws IOException {
        ListeningSocket bound = listener;
        if (bound != null) {
            bound.close();
        }
    }

    /** Gives everything up. The second call has no effect. */
    @Override
    public void close() throws IOException {
        try {
            giveUpPath();
        } finally {
            lock.close();
        }
    }

    /** Lets a successor take the path. The second call has no effect. */
    void unlock() throws IOException {
        lock.close();
    }
}
