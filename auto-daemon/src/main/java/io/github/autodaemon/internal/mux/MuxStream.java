package io.github.autodaemon.internal.mux;

import io.github.autodaemon.internal.mux.Mux.SharedStream;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.StreamCancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A shared stream as a blocking input and output.
 *
 * <p>The unread bytes are bounded: past {@code softLimit} the connection is no longer read, which is the only
 * back-pressure of this wire; past {@code hardLimit}, which can be reached only while a reply is awaited on the same
 * connection, the stream is reset.
 */
public final class MuxStream implements ByteStream, SharedStream.Sink {
    private static final int OUTPUT_LIMIT = 256 * 1024;
    private static final int FRAME = 64 * 1024;

    private final Mux mux;
    private final Monitor monitor;
    private final SharedStream stream;
    private final int softLimit;
    private final int hardLimit;

    private final ArrayDeque<ByteBuffer> arrived = new ArrayDeque<>();
    private int buffered;
    private boolean holding;
    private boolean received;
    private boolean ended;
    private boolean inputClosed;
    private boolean outputClosed;
    private @Nullable String failure;
    private boolean cancelled;
    private boolean byPeer;
    private boolean lost;
    private @Nullable Runnable onFailure;

    private final InputStream input = new Input();
    private final OutputStream output = new Output();

    /** Claims {@code name}. The monitor is held. */
    public MuxStream(Mux mux, Monitor monitor, String name, int softLimit, int hardLimit) {
        this.mux = mux;
        this.monitor = monitor;
        this.softLimit = softLimit;
        this.hardLimit = hardLimit;
        this.stream = mux.stream(name, this);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void cancel(String reason, @Nullable Map<String, ?> error) {
        monitor.lock();
        try {
            if (!stream.over() && failure == null) {
                giveUp(reason);
                fail("the stream was cancelled: " + reason);
                mux.flush();
            }
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        monitor.lock();
        try {
            boolean onlyRead = stream.outgoing < 0 && (ended || received);
            if (onlyRead && mux.fragilePeer()) {
                outputClosed = true;
            }
        } finally {
            monitor.unlock();
        }
        // Not under the lock: closing the output may wait, and a wait releases only one hold of the lock.
        output.close();
        input.close();
    }

    @Override
    public void onFailure(Runnable action) {
        monitor.lock();
        try {
            onFailure = action;
            tellOfFailure();
        } finally {
            monitor.unlock();
        }
    }

    /** Bytes that came before the connection was lost may still be read; of a cancelled stream none. */
    private void tellOfFailure() {
        if (onFailure != null && failure != null && (cancelled || !(ended || buffered > 0))) {
            onFailure.run();
        }
    }

    /** A fragile peer may finish; its further bytes are dropped. */
    private void giveUp(String reason) {
        if (!mux.fragilePeer()) {
            stream.reset(reason);
        } else if (stream.outgoing >= 0) {
            stream.end();
        }
    }

    // From the connection, with the monitor held.

    @Override
    public void data(ByteBuffer bytes) {
        received = true;
        if (inputClosed || failure != null) {
            return;
        }
        int size = bytes.remaining();
        if (buffered + size > hardLimit) {
            String reason = "the reader is too slow: " + (buffered + size) + " bytes wait, the limit is " + hardLimit;
            giveUp(reason);
            fail(reason);
            return;
        }
        if (!keep(size) && buffered + size > FRAME) {
            keep(-size);
            String reason = "the reader is too slow: " + (buffered + size)
                    + " bytes wait, and too many wait on all connections of this process";
            giveUp(reason);
            fail(reason);
            return;
        }
        arrived.add(ByteBuffer.allocate(size).put(bytes).flip());
        buffered += size;
        if (buffered > softLimit && !holding) {
            holding = true;
            mux.hold();
        }
        monitor.signalAll();
    }

    @Override
    public void end() {
        ended = true;
        if (buffered == 0 || inputClosed) {
            stream.acknowledgeEnd();
        }
        monitor.signalAll();
    }

    @Override
    public void reset(String message) {
        byPeer = failure == null;
        fail(message.isEmpty() ? "the peer cancelled the stream" : message);
    }

    @Override
    public void lost(String reason) {
        // The buffered bytes may be read or not; no more bytes come.
        keep(-buffered);
        lost = true;
        if (failure == null) {
            failure = reason;
            tellOfFailure();
        }
        monitor.signalAll();
    }

    private void fail(String reason) {
        drop();
        if (failure == null) {
            failure = reason;
            cancelled = true;
            tellOfFailure();
        }
        if (ended) {
            stream.acknowledgeEnd();
        }
        monitor.signalAll();
    }

    private IOException exception() {
        String reason = String.valueOf(failure);
        return cancelled ? new StreamCancelledException(byPeer, reason, null) : new IOException(reason);
    }

    private boolean keep(long more) {
        return lost || mux.wire().keep(more);
    }

    private void drop() {
        keep(-buffered);
        arrived.clear();
        buffered = 0;
        resume();
    }

    private void resume() {
        if (holding && buffered <= softLimit / 2) {
            holding = false;
            mux.release();
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedIOException {
        try {
            monitor.await(condition, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (failure != null) {
                // The failure caused the interrupt; the waiting thread looks at the failure.
                return;
            }
            throw new InterruptedIOException("interrupted; the stream is not harmed");
        }
    }

    private final class Input extends InputStream {
        private final BooleanSupplier readable = new BooleanSupplier() {
            @Override
            public boolean getAsBoolean() {
                return buffered > 0 || ended || inputClosed || failure != null;
            }
        };

        private final BooleanSupplier finished = new BooleanSupplier() {
            @Override
            public boolean getAsBoolean() {
                return ended || failure != null;
            }
        };

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
            monitor.lock();
            try {
                await(readable);
                if (inputClosed) {
                    throw failure == null || ended ? new IOException("the stream's input is closed") : exception();
                }
                if (buffered == 0) {
                    // A received end counts, even if the stream or the connection failed after it.
                    if (ended) {
                        return -1;
                    }
                    throw exception();
                }
                int taken = 0;
                while (taken < length && buffered > 0) {
                    ByteBuffer first = arrived.element();
                    int size = Math.min(length - taken, first.remaining());
                    first.get(into, offset + taken, size);
                    taken += size;
                    buffered -= size;
                    keep(-size);
                    if (!first.hasRemaining()) {
                        arrived.remove();
                    }
                }
                if (buffered == 0 && ended) {
                    stream.acknowledgeEnd();
                    mux.flush();
                }
                resume();
                return taken;
            } finally {
                monitor.unlock();
            }
        }

        @Override
        public int available() {
            monitor.lock();
            try {
                return buffered;
            } finally {
                monitor.unlock();
            }
        }

        @Override
        public void close() {
            monitor.lock();
            try {
                if (!inputClosed) {
                    inputClosed = true;
                    drop();
                    if (ended) {
                        stream.acknowledgeEnd();
                        mux.flush();
                    } else if (!finished.getAsBoolean()) {
                        // The thread that reads the connection drops further bytes, and there might be no such thread.
                        monitor.readUntil(finished);
                    }
                    monitor.signalAll();
                }
            } finally {
                monitor.unlock();
            }
        }
    }

    private final class Output extends OutputStream {
        private final BooleanSupplier writable = new BooleanSupplier() {
            @Override
            public boolean getAsBoolean() {
                return mux.wire().queued() < OUTPUT_LIMIT || outputClosed || failure != null;
            }
        };

        private final BooleanSupplier sent = new BooleanSupplier() {
            @Override
            public boolean getAsBoolean() {
                return mux.wire().queued() == 0 || failure != null;
            }
        };

        /** Without a thread that always reads and writes, the rest of the queue would stay unsent. */
        private void send() throws InterruptedIOException {
            mux.flush();
            if (monitor.readByWaiters()) {
                MuxStream.this.await(sent);
            }
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, from.length);
            monitor.lock();
            try {
                int written = 0;
                do {
                    MuxStream.this.await(writable);
                    if (failure != null) {
                        throw exception();
                    }
                    if (outputClosed) {
                        throw new IOException("the stream's output is closed");
                    }
                    int size = Math.min(length - written, FRAME);
                    if (size > 0) {
                        stream.send(from, offset + written, size);
                    }
                    written += size;
                } while (written < length);
                send();
            } finally {
                monitor.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            monitor.lock();
            try {
                if (!outputClosed) {
                    outputClosed = true;
                    stream.end();
                    monitor.signalAll();
                    send();
                }
            } finally {
                monitor.unlock();
            }
        }
    }
}
