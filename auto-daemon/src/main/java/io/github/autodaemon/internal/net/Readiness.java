package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Waits until one channel can be read, or written. A blocking channel would wait by itself, but closes when the waiting
 * thread is interrupted.
 *
 * <p>One thread at a time waits; any may wake it. A selector costs two descriptors, so it is taken when a wait is needed
 * and handed on afterwards. A closed channel keeps its descriptor until every selector it was registered with has looked
 * again; {@link #over()} sees to that.
 */
final class Readiness {
    private static final int KEPT = 16;

    private static final ConcurrentLinkedDeque<Selector> IDLE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger IDLE_COUNT = new AtomicInteger();

    private final SocketChannel channel;
    private final int operation;

    // Guarded by this.
    private @Nullable Selector selector;
    private @Nullable SelectionKey key;
    private boolean waiting;
    private boolean woken;
    private boolean over;

    /** {@code operation} is {@link SelectionKey#OP_READ} or {@link SelectionKey#OP_WRITE}. */
    Readiness(SocketChannel channel, int operation) {
        this.channel = channel;
        this.operation = operation;
    }

    /**
     * Waits until the channel is ready, or {@link #wake()} was called since the wait before, or {@link #over()}.
     *
     * @throws InterruptedIOException when the thread is interrupted; its flag stays set, and nothing is harmed
     */
    void await() throws IOException {
        Selector held = begin();
        if (held == null) {
            return;
        }
        try {
            held.select();
            held.selectedKeys().clear();
        } finally {
            end();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted; the stream is not harmed");
        }
    }

    private synchronized @Nullable Selector begin() throws IOException {
        if (over || woken) {
            woken = false;
            return null;
        }
        Selector held = selector;
        if (held == null) {
            held = take();
            selector = held;
            try {
                key = channel.register(held, operation);
            } catch (ClosedChannelException e) {
                // Another thread closed the channel; the waiting thread finds out why.
                handOn();
                return null;
            }
        }
        waiting = true;
        return held;
    }

    private synchronized void end() {
        waiting = false;
        if (over) {
            handOn();
        }
    }

    /** Makes the current wait, or else the next wait, return. */
    synchronized void wake() {
        if (selector != null) {
            selector.wakeup();
        } else {
            // A thread that is about to wait for the first time has checked every condition before and does not check
            // again.
            woken = true;
        }
    }

    /** Ends all waiting. If the channel is closed, this is called after that. */
    synchronized void over() {
        over = true;
        if (waiting) {
            wake();
        } else {
            handOn();
        }
    }

    private void handOn() {
        Selector held = selector;
        SelectionKey registered = key;
        selector = null;
        key = null;
        if (held == null) {
            return;
        }
        try {
            if (registered != null) {
                registered.cancel();
            }
            // Releases the channel, and clears a wake-up that no thread waited for.
            held.selectNow();
            if (IDLE_COUNT.incrementAndGet() <= KEPT) {
                IDLE.push(held);
            } else {
                IDLE_COUNT.decrementAndGet();
                held.close();
            }
        } catch (IOException | ClosedSelectorException e) {
            throw new IllegalStateException("a selector that nobody else uses failed", e);
        }
    }

    private static Selector take() throws IOException {
        Selector idle = IDLE.poll();
        if (idle == null) {
            return Selector.open();
        }
        IDLE_COUNT.decrementAndGet();
        return idle;
    }
}
