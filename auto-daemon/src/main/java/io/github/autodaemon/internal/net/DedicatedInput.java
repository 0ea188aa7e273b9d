package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The input of a dedicated stream. */
final class DedicatedInput extends InputStream {
    private final StreamState stream;
    private final SocketChannel channel;
    private final Readiness readable;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;

    // Guarded by the lock. The buffer is ready to be read from.
    private @Nullable ByteBuffer buffer;
    private int inFrame;
    private boolean ended;

    DedicatedInput(StreamState stream, SocketChannel channel) {
        this.stream = stream;
        this.channel = channel;
        this.readable = new Readiness(channel, SelectionKey.OP_READ);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (true) {
                check();
                if (ended) {
                    return -1;
                }
                ByteBuffer held = buffer;
                if (held == null) {
                    held = Buffers.take().flip();
                    buffer = held;
                }
                if (inFrame > 0 && held.hasRemaining()) {
                    int size = Math.min(Math.min(length, inFrame), held.remaining());
                    held.get(into, offset, size);
                    inFrame -= size;
                    return size;
                }
                if (inFrame == 0 && held.remaining() >= StreamState.HEADER) {
                    begin(held.getInt());
                } else {
                    fill(held);
                }
            }
        } finally {
            giveBackIfOver();
            lock.unlock();
        }
    }

    private void check() throws IOException {
        String failure = stream.failure();
        if (failure != null && !ended) {
            throw stream.exception(failure);
        }
        if (closed) {
            throw new IOException("the stream's input is closed");
        }
    }

    private void begin(int length) {
        if (length < 0) {
            stream.fail("the peer broke the protocol: a piece of " + length + " bytes");
        } else if (length == 0) {
            ended = true;
            stream.inputOver();
        } else {
            inFrame = length;
        }
    }

    /** Reads more bytes, and waits for them if need be; or finds the end of the stream. */
    private void fill(ByteBuffer held) throws IOException {
        if (readMore(held)) {
            return;
        }
        String lost = stream.lost();
        if (lost != null) {
            stream.fail(lost);
        } else {
            stream.await(readable);
        }
    }

    /** Whether bytes or a failure came. */
    private boolean readMore(ByteBuffer held) throws IOException {
        held.compact();
        int count;
        try {
            count = channel.read(held);
        } catch (IOException e) {
            // ECONNRESET, or another thread has closed the channel.
            count = -1;
        } finally {
            held.flip();
        }
        if (count < 0 && stream.failure() == null && !closed) {
            stream.explain();
            String lost = stream.lost();
            stream.fail(lost != null ? lost : "the other side ended in the middle of the stream");
        }
        return count != 0;
    }

    /**
     * A lower bound of the bytes that can be read; 1 while another thread holds the lock; -1 when there are none and
     * the socket has ended. Does not wait.
     */
    int look() {
        if (!lock.tryLock()) {
            return 1;
        }
        try {
            ByteBuffer held = buffer;
            if (held != null && held.hasRemaining()) {
                return held.remaining();
            }
            if (held == null) {
                held = Buffers.take().flip();
                buffer = held;
            }
            held.compact();
            try {
                return channel.read(held);
            } finally {
                held.flip();
            }
        } catch (IOException e) {
            return -1;
        } finally {
            giveBackIfOver();
            lock.unlock();
        }
    }

    @Override
    public int available() {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            ByteBuffer held = buffer;
            return held == null || closed ? 0 : Math.min(inFrame, held.remaining());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        readable.wake();
        boolean all;
        lock.lock();
        try {
            all = ended;
        } finally {
            giveBackIfOver();
            lock.unlock();
        }
        if (!all && stream.failure() == null) {
            stream.tellUnread();
            try {
                channel.shutdownInput();
            } catch (IOException e) {
                // Closed meanwhile, or the peer is gone; either way nothing more comes.
                assert closed;
            }
        }
        stream.inputOver();
    }

    void wake() {
        readable.wake();
    }

    /** Called by the thread that ended the stream; a reading thread gives the buffer back itself. */
    void release() {
        readable.over();
        if (lock.tryLock()) {
            try {
                giveBackIfOver();
            } finally {
                lock.unlock();
            }
        }
    }

    private void giveBackIfOver() {
        ByteBuffer held = buffer;
        if (held != null && (closed || ended || stream.failure() != null)) {
            buffer = null;
            Buffers.give(held);
        }
    }
}
