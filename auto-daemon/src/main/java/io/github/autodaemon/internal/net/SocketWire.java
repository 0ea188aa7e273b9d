package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connected socket in a {@link Loop}. Written bytes leave in one system call at the next flush, on the flushing
 * thread; the loop sends the bytes that the kernel does not take then.
 */
public final class SocketWire implements Wire, Loop.Handler, MemoryBudget.Holder {
    /** Collects the bytes that one thread writes to all connections, to be sent together. */
    public interface Batch {
        /** Runs {@code send} once at the end of the batch; false if the batch does not collect for this thread. */
        boolean add(Runnable send);
    }

    private static final int AT_ONCE = 256 * 1024;
    private static final int SMALL = 8 * 1024;
    private static final long ASKING = TimeUnit.SECONDS.toNanos(1);
    private static final String NO_MEMORY = "there was not enough memory for what is sent and read here";

    private final SocketChannel channel;
    private final Loop loop;
    private final Monitor monitor;
    private final Receiver receiver;
    private final SelectionKey key;
    private final @Nullable Batch batch;

    private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean reads;

    /** The bytes that the peer makes this side hold, and the time when the peer last took or sent anything. */
    private volatile long holds;

    private volatile long gotOn;
    private byte[] small = new byte[512];
    private int smallLength;
    private boolean writeFailed;
    private boolean closeWhenSent;
    private @Nullable Runnable whenSent;
    private byte @Nullable [] nothing;
    private boolean asking;
    private boolean receiving;

    /** Sends what a batch has collected of this connection. */
    private final Runnable sendCollected = new Runnable() {
        @Override
        public void run() {
            monitor.lock();
            try {
                flushNow();
            } finally {
                monitor.unlock();
            }
        }
    };

    private boolean closed;

    /** Takes over a connected channel. Nothing is read until {@link #start()}. */
    public SocketWire(SocketChannel channel, Loop loop, Monitor monitor, Receiver receiver) throws IOException {
        this(channel, loop, monitor, receiver, null);
    }

    /** As above; the bytes that a thread of {@code batch} flushes leave with the batch. */
    public SocketWire(SocketChannel channel, Loop loop, Monitor monitor, Receiver receiver, @Nullable Batch batch)
            throws IOException {
        this.batch = batch;
        this.channel = channel;
        this.loop = loop;
        this.monitor = monitor;
        this.receiver = receiver;
        channel.configureBlocking(false);
        this.key = loop.register(channel, 0, this);
        monitor.flushesBy(new Runnable() {
            @Override
            public void run() {
                flushNow();
            }
        });
    }

    /** Begins to read. */
    public void start() {
        monitor.lock();
        try {
            reading(true);
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (closed || writeFailed) {
            return;
        }
        try {
            if (length > SMALL - smallLength) {
                sendSmall();
                send(ByteBuffer.wrap(bytes, offset, length));
                return;
            }
            if (smallLength + length > small.length) {
                small = java.util.Arrays.copyOf(small, Math.max(smallLength + length, 2 * small.length));
            }
            System.arraycopy(bytes, offset, small, smallLength, length);
            smallLength += length;
        } catch (OutOfMemoryError e) {
            // The next written bytes would close the gap.
            end(NO_MEMORY);
        }
    }

    private void sendSmall() {
        if (smallLength > 0) {
            int length = smallLength;
            smallLength = 0;
            send(ByteBuffer.wrap(small, 0, length));
        }
    }

    @Override
    public void flush() {
        if (!receiving && (batch == null || !batch.add(sendCollected))) {
            flushNow();
        }
    }

    private void flushNow() {
        boolean some = smallLength > 0;
        sendSmall();
        if (some && queuedBytes == 0) {
            // A thread may wait for just that, and another has flushed for it.
            monitor.signalAll();
        }
        Runnable next = whenSent;
        if (next != null && queuedBytes == 0 && !closed && !writeFailed) {
            whenSent = null;
            next.run();
        }
        if (closeWhenSent && queuedBytes == 0) {
            close();
        }
    }

    /**
     * Ends this wire, though not its channel, as soon as all written bytes have been sent: then {@code next} gets the
     * channel, with the monitor held. If the connection ends before, {@code next} is not called. The peer must send
     * nothing more until it has read the last of these bytes.
     */
    public void handOverWhenSent(Consumer<SocketChannel> next) {
        whenSent(new Runnable() {
            @Override
            public void run() {
                handOver(next);
            }
        });
    }

    /**
     * Runs {@code action}, once and with the monitor held, as soon as the kernel has all written bytes: from then on the
     * peer can read them, whatever happens to this process. Not run if the connection ends, or a write fails, before.
     */
    public void whenSent(Runnable action) {
        whenSent = action;
        flush();
    }

    private void handOver(Consumer<SocketChannel> next) {
        closed = true;
        count();
        // The loop deregisters the channel at its next select.
        key.cancel();
        loop.wakeup();
        receiver.closed("the connection has another use now");
        monitor.signalAll();
        next.accept(channel);
    }

    /**
     * Offers the kernel no more bytes than it may take: the JDK copies all given bytes to a buffer outside the heap,
     * each time, and keeps that buffer.
     */
    private int write(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        try {
            bytes.limit(Math.min(end, bytes.position() + AT_ONCE));
            return channel.write(bytes);
        } finally {
            bytes.limit(end);
        }
    }

    /**
     * Counts the bytes that wait for the peer: queued output that it is to take, and an unfinished line that it is to
     * end. The monitor is held.
     */
    private void count() {
        long now = queuedBytes + (reads && !closed ? receiver.unended() : 0);
        long more = now - holds;
        if (more != 0) {
            holds = now;
            loop.holdings().add(more);
        }
    }

    private void getsOn() {
        if (holds > 0) {
            gotOn = System.nanoTime();
        }
    }

    @Override
    public long holds() {
        return holds;
    }

    @Override
    public long gotOn() {
        return gotOn;
    }

    /** Ends the connection if it still holds bytes. */
    @Override
    public void giveUp(String reason) {
        monitor.lock();
        try {
            if (holds > 0) {
                end(reason);
            }
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public boolean isFull() {
        return loop.holdings().isFull();
    }

    @Override
    public boolean keep(long more) {
        return loop.holdings().keep(more);
    }

    /** Writes the bytes that the kernel takes and keeps a copy of the rest. */
    private void send(ByteBuffer bytes) {
        if (closed || writeFailed) {
            return;
        }
        try {
            if (queue.isEmpty()) {
                write(bytes);
            }
            if (bytes.hasRemaining()) {
                ByteBuffer rest =
                        ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                queue.add(rest);
                queuedBytes += rest.remaining();
                interest(SelectionKey.OP_WRITE, true);
                count();
                if (queue.size() == 1) {
                    getsOn();
                }
            }
        } catch (IOException e) {
            writeFailed();
        } catch (OutOfMemoryError e) {
            end(NO_MEMORY);
        }
    }

    /**
     * A failed write does not end the connection: the last messages of the peer (its hello, with the reason, or a
     * reply) may still be in the socket. The reader will see the end.
     */
    private void writeFailed() {
        writeFailed = true;
        queue.clear();
        queuedBytes = 0;
        count();
        interest(SelectionKey.OP_WRITE, false);
        interest(SelectionKey.OP_READ, true);
        monitor.signalAll();
    }

    @Override
    public long queued() {
        return queuedBytes + smallLength;
    }

    @Override
    public void reading(boolean on) {
        reads = on;
        interest(SelectionKey.OP_READ, on || writeFailed);
        count();
        if (!on && !asking && nothing != null && !closed) {
            asking = true;
            loop.after(ASKING, this::ask);
        }
    }

    /**
     * Sends {@code harmless} now and then while nothing is read. Nothing else shows that the peer is gone: a selector
     * reports the end only for a read or write interest, and the input before the end may be more than this side may
     * hold. To a Unix socket whose other end is closed no write succeeds.
     */
    public void sendWhileNotReading(byte[] harmless) {
        nothing = harmless;
    }

    private void ask() {
        monitor.lock();
        try {
            byte[] harmless = nothing;
            asking = false;
            if (closed || harmless == null || !key.isValid() || (key.interestOps() & SelectionKey.OP_READ) != 0) {
                return;
            }
            if (queued() == 0) {
                write(harmless, 0, harmless.length);
                flush();
            }
            asking = true;
            loop.after(ASKING, this::ask);
        } finally {
            monitor.unlock();
        }
    }

    private void interest(int operation, boolean on) {
        if (closed || !key.isValid()) {
            return;
        }
        try {
            int old = key.interestOps();
            int now = on ? old | operation : old & ~operation;
            if (now != old) {
                key.interestOps(now);
                loop.wakeup();
            }
        } catch (CancelledKeyException e) {
            // Another thread closes the connection: it has closed the loop, and comes for the lock.
            assert !key.isValid();
        }
    }

    @Override
    public void closeWhenSent() {
        closeWhenSent = true;
        flush();
    }

    @Override
    public void close() {
        if (!closed) {
            // Bytes that were written before may still wait to be sent.
            sendSmall();
        }
        end("this side closed the connection");
    }

    @Override
    public void ready(SelectionKey ready) {
        try {
            ready(ready.readyOps());
        } catch (RuntimeException | Error e) {
            // A fault in one connection's handling ends this connection, and not the loop of all. The input has been
            // read, and is not handled: without memory, say, or a descriptor for a class, the next input would close
            // the gap.
            monitor.lock();
            try {
                end(e instanceof OutOfMemoryError ? NO_MEMORY : "handling what the peer sent failed: " + e);
            } finally {
                monitor.unlock();
            }
        }
    }

    private void ready(int operations) {
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            monitor.lock();
            try {
                drain();
            } finally {
                monitor.unlock();
            }
        }
        if ((operations & SelectionKey.OP_READ) != 0) {
            read();
        }
    }

    private void drain() {
        if (closed || writeFailed) {
            return;
        }
        try {
            ByteBuffer first = queue.peek();
            getsOn();
            while (first != null) {
                queuedBytes -= write(first);
                if (first.hasRemaining()) {
                    break;
                }
                queue.remove();
                first = queue.peek();
            }
            count();
            if (first == null) {
                interest(SelectionKey.OP_WRITE, false);
                receiver.sent();
                flush();
            }
            monitor.signalAll();
        } catch (IOException e) {
            writeFailed();
        }
    }

    private void read() {
        ByteBuffer buffer = loop.readBuffer();
        int count;
        @Nullable String reason = null;
        try {
            count = channel.read(buffer);
        } catch (IOException e) {
            count = -1;
            reason = "reading from the peer failed: " + e.getMessage();
        }
        monitor.lock();
        try {
            if (closed) {
                return;
            }
            if (count < 0) {
                end(reason == null ? "the peer closed the connection" : reason);
            } else if (count > 0) {
                receive(buffer.flip());
                count();
                if (queuedBytes == 0) {
                    // A peer that is to take output makes no progress by asking for more.
                    getsOn();
                }
            }
        } catch (IOException e) {
            end("the peer broke the protocol: " + e.getMessage());
        } finally {
            monitor.unlock();
        }
    }

    private void receive(ByteBuffer bytes) throws IOException {
        receiving = true;
        try {
            receiver.receive(bytes);
        } finally {
            receiving = false;
            flush();
        }
    }

    private void end(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        queue.clear();
        queuedBytes = 0;
        smallLength = 0;
        count();
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same (close(2)); no caller needs to know.
            assert !channel.isOpen();
        }
        loop.wakeup();
        try {
            receiver.closed(reason);
        } finally {
            monitor.signalAll();
        }
    }
}
