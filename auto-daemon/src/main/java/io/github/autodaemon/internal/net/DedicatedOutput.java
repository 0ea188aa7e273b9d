package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The output of a dedicated stream. */
final class DedicatedOutput extends OutputStream {
    /**
     * A piece with its header fills one run of pages in Linux (UNIX_SKB_FRAGS_SZ); more bytes at once are copied more
     * slowly.
     */
    private static final int PIECE = 32 * 1024 - StreamState.HEADER;

    /** So few bytes more are not worth another system call. */
    private static final int REST = 64;

    private final StreamState stream;
    private final SocketChannel channel;
    private final Readiness writable;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private boolean over;
    private boolean ending;

    /** The unsent rest of a piece; an interrupt may have left a part of it. */
    private @Nullable ByteBuffer unsent;

    DedicatedOutput(StreamState stream, SocketChannel channel) {
        this.stream = stream;
        this.channel = channel;
        this.writable = new Readiness(channel, SelectionKey.OP_WRITE);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        lock.lock();
        try {
            int written = 0;
            do {
                send();
                if (over || ending) {
                    throw new IOException("the stream's output is closed");
                }
                int left = length - written;
                int size = left <= PIECE + REST ? left : PIECE;
                if (size > 0) {
                    ByteBuffer buffer = buffer();
                    buffer.clear()
                            .putInt(size)
                            .put(from, offset + written, size)
                            .flip();
                }
                written += size;
            } while (written < length);
            send();
        } finally {
            giveBackIfOver();
            lock.unlock();
        }
    }

    private ByteBuffer buffer() {
        ByteBuffer held = unsent;
        if (held == null) {
            held = Buffers.take();
            unsent = held;
        }
        return held;
    }

    private void send() throws IOException {
        ByteBuffer held = unsent;
        if (held == null) {
            check();
            return;
        }
        while (true) {
            check();
            if (!held.hasRemaining()) {
                return;
            }
            int count;
            try {
                count = channel.write(held);
            } catch (IOException e) {
                refused();
                continue;
            }
            if (count == 0) {
                stream.await(writable);
            }
        }
    }

    private void check() throws IOException {
        String failure = stream.failure();
        if (failure == null) {
            failure = stream.lost();
        }
        if (failure != null) {
            throw stream.exception(failure);
        }
    }

    /** EPIPE: the peer has ended, or only stopped reading. */
    private void refused() throws IOException {
        if (stream.failure() != null) {
            return;
        }
        stream.explain();
        if (stream.isUnread() && stream.failure() == null) {
            over = true;
            stream.outputOver();
            throw new IOException("the other side reads no more of the stream");
        }
        String lost = stream.lost();
        stream.fail(lost != null ? lost : "the other side ended in the middle of the stream");
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (over || stream.failure() != null) {
                return;
            }
            if (!ending) {
                send();
                ending = true;
                buffer().clear().putInt(0).flip();
            }
            send();
            over = true;
        } catch (IOException e) {
            if (!stream.isUnread() || stream.failure() != null) {
                throw e;
            }
        } finally {
            if (over) {
                stream.outputOver();
            }
            giveBackIfOver();
            lock.unlock();
        }
    }

    void wake() {
        writable.wake();
    }

    /** Called by the thread that ended the stream; a writing thread gives the buffer back itself. */
    void release() {
        writable.over();
        if (lock.tryLock()) {
            try {
                giveBackIfOver();
            } finally {
                lock.unlock();
            }
        }
    }

    private void giveBackIfOver() {
        ByteBuffer held = unsent;
        if (held != null && (over || stream.failure() != null)) {
            unsent = null;
            Buffers.give(held);
        }
    }
}
