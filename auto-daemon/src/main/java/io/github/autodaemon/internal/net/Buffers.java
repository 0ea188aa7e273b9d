package io.github.autodaemon.internal.net;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Buffers outside of the heap, which are dear to allocate and are given back only when the collector happens to run. */
final class Buffers {
    static final int SIZE = 64 * 1024;

    private static final int KEPT = 16;

    private static final ConcurrentLinkedDeque<ByteBuffer> IDLE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger IDLE_COUNT = new AtomicInteger();

    private Buffers() {}

    /** A buffer of {@link #SIZE} bytes. */
    static ByteBuffer take() {
        ByteBuffer idle = IDLE.poll();
        if (idle == null) {
            return ByteBuffer.allocateDirect(SIZE);
        }
        IDLE_COUNT.decrementAndGet();
        return idle.clear();
    }

    /** Returns a buffer that the caller does not touch any more. */
    static void give(ByteBuffer buffer) {
        if (IDLE_COUNT.incrementAndGet() <= KEPT) {
            IDLE.push(buffer);
        } else {
            IDLE_COUNT.decrementAndGet();
        }
    }
}
