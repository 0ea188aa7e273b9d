package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.net.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A wire whose other end takes what is written when it is told to, and is read from when this end wants to. */
final class HeldWire implements Wire {
    /** A byte that waits counts as so many: the limits are reached by inputs that are small and fast. */
    private static final int WEIGHT = 64;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayOutputStream delivered = new ByteArrayOutputStream();
    private final ArrayDeque<byte[]> arriving = new ArrayDeque<>();
    private @Nullable Receiver receiver;
    private long queued;
    private boolean reading = true;
    private boolean closed;

    void to(Receiver reader) {
        receiver = reader;
    }

    /** All that was written. */
    byte[] written() {
        return written.toByteArray();
    }

    /** All that was read. */
    byte[] delivered() {
        return delivered.toByteArray();
    }

    void arrive(byte[] bytes) {
        if (!closed) {
            arriving.add(bytes);
        }
    }

    boolean isEmpty() {
        return arriving.isEmpty();
    }

    /** Hands over at most {@code size} bytes of what the other end has sent; false when nothing can be. */
    boolean deliver(int size) {
        byte[] first = arriving.peek();
        if (first == null || closed || !reading || receiver == null) {
            return false;
        }
        arriving.remove();
        int count = Math.min(size, first.length);
        if (count < first.length) {
            arriving.addFirst(Arrays.copyOfRange(first, count, first.length));
        }
        delivered.write(first, 0, count);
        try {
            receiver.receive(ByteBuffer.wrap(first, 0, count));
        } catch (IOException e) {
            end("the peer broke the protocol: " + e.getMessage());
        }
        return true;
    }

    /** The other end takes everything. */
    void drain() {
        if (queued > 0 && receiver != null) {
            queued = 0;
            receiver.sent();
        }
    }

    boolean isReading() {
        return reading;
    }

    boolean isClosed() {
        return closed;
    }

    void end(String reason) {
        if (!closed) {
            closed = true;
            queued = 0;
            arriving.clear();
            if (receiver != null) {
                receiver.closed(reason);
            }
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (!closed) {
            written.write(bytes, offset, length);
            queued += (long) WEIGHT * length;
        }
    }

    @Override
    public long queued() {
        return queued;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
    }

    @Override
    public void closeWhenSent() {
        end("this side closed the connection");
    }

    @Override
    public void close() {
        end("this side closed the connection");
    }
}
