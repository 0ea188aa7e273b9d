package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Waits for sockets and for points in time, and runs what was registered for them. One thread at a time calls
 * {@link #runOnce}; every other method may be called from any thread.
 *
 * <p>Sockets are non-blocking, because a thread that is interrupted inside a blocking operation closes the channel; on
 * a non-blocking one any thread may write.
 */
public final class Loop implements AutoCloseable {
    private static final int READ_BUFFER = 64 * 1024;
    private static final int MANY = 1000;

    /** What to do when a channel is ready. */
    interface Handler {
        void ready(SelectionKey key);
    }

    /** Something that will run at its time unless it is cancelled. */
    public final class Timer implements Comparable<Timer> {
        private final long at;
        private @Nullable Runnable action;

        Timer(long at, Runnable action) {
            this.at = at;
            this.action = action;
        }

        /** Makes sure that the action does not start any more; what it refers to is let go of at once. */
        public void cancel() {
            synchronized (tasks) {
                if (action != null) {
                    action = null;
                    forgetCancelled();
                }
            }
        }

        @Override
        public int compareTo(Timer other) {
            return Long.signum(at - other.at);
        }
    }

    private final Selector selector;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Spin spin = new Spin();

    /** Whether {@link #wakeup()} was called since a wait before. */
    private volatile boolean woken;

    private int cancelledTimers;
    private @Nullable ByteBuffer readBuffer;

    /** A loop with nothing in it. */
    public Loop() throws IOException {
        selector = Selector.open();
    }

    /** Runs {@code task} in the loop. */
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
        wakeup();
    }

    /** Runs {@code action} in the loop once {@code nanos} have passed. */
    public Timer after(long nanos, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + nanos, action);
        synchronized (tasks) {
            timers.add(timer);
        }
        wakeup();
        return timer;
    }

    /** A hundred thousand calls a second that could each take a minute would be six million timers. */
    private void forgetCancelled() {
        if (++cancelledTimers > MANY && cancelledTimers > timers.size() / 2) {
            timers.removeIf(timer -> timer.action == null);
            cancelledTimers = 0;
        }
    }

    /** Makes a {@link #runOnce} that waits return. */
    public void wakeup() {
        woken = true;
        selector.wakeup();
    }

    SelectionKey register(SelectableChannel channel, int operations, Handler handler) throws IOException {
        SelectionKey key = channel.register(selector, operations, handler);
        wakeup();
        return key;
    }

    /** The buffer all reads of this loop share; only the thread inside {@link #runOnce} uses it. */
    ByteBuffer readBuffer() {
        ByteBuffer buffer = readBuffer;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(READ_BUFFER);
            readBuffer = buffer;
        }
        return buffer.clear();
    }

    /**
     * Waits at most {@code nanos} for something to do and does it.
     *
     * @param mayLook whether it may spend a moment looking before it sleeps, where that pays
     * @return false when the loop is closed
     */
    public boolean runOnce(long nanos, boolean mayLook) throws IOException {
        try {
            long wait = Math.min(nanos, nanosToNextTimer());
            if (wait <= 0 || hasTasks()) {
                selector.selectNow();
            } else if (!mayLook || !spin.pays() || !look(wait)) {
                sleep(wait);
            }
            // Whatever was changed before a wake-up until here, the caller sees when this returns.
            woken = false;
            Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                SelectionKey key = keys.next();
                keys.remove();
                ready(key);
            }
        } catch (ClosedSelectorException e) {
            return false;
        } catch (ConcurrentModificationException e) {
            // Whoever closes the selector empties the set of its selected keys meanwhile.
            if (selector.isOpen()) {
                throw e;
            }
            return false;
        }
        runDue();
        return selector.isOpen();
    }

    /** Whether those it reads from seem to run on other processors. For the thread that runs it. */
    public boolean isAlone() {
        return spin.isAlone();
    }

    private void sleep(long nanos) throws IOException {
        long began = System.nanoTime();
        // Rounded up: waking early would spin through the last millisecond.
        int ready = nanos == Long.MAX_VALUE ? selector.select() : selector.select(nanos / 1_000_000 + 1);
        if (ready > 0) {
            spin.slept(System.nanoTime() - began);
        }
    }

    /** Whether there is, after a moment at most, a reason not to sleep. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on the yield; it is for whoever else wants the processor.
    private boolean look(long nanos) throws IOException {
        long now = System.nanoTime();
        long end = now + Math.min(nanos, Spin.MOMENT);
        boolean first = true;
        while (now - end < 0) {
            boolean ready = selector.selectNow() > 0;
            long before = now;
            now = System.nanoTime();
            if (ready) {
                // What had come before tells nothing.
                if (!first) {
                    spin.found(now - before);
                }
                return true;
            }
            // The look has taken the selector's own note of it.
            if (woken) {
                return true;
            }
            first = false;
            Thread.yield();
        }
        spin.foundNothing();
        return false;
    }

    private static void ready(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Handler handler) {
            try {
                handler.ready(key);
            } catch (CancelledKeyException e) {
                // Another thread closed the channel meanwhile; whoever did has seen to the rest.
                return;
            }
        }
    }

    private boolean hasTasks() {
        synchronized (tasks) {
            return !tasks.isEmpty();
        }
    }

    private long nanosToNextTimer() {
        synchronized (tasks) {
            Timer next = timers.peek();
            while (next != null && next.action == null) {
                timers.remove();
                next = timers.peek();
            }
            return next == null ? Long.MAX_VALUE : Math.max(0, next.at - System.nanoTime());
        }
    }

    private void runDue() {
        while (true) {
            Runnable due;
            synchronized (tasks) {
                due = tasks.poll();
                Timer timer = timers.peek();
                if (due == null && timer != null && (timer.action == null || timer.at - System.nanoTime() <= 0)) {
                    timers.remove();
                    due = timer.action;
                    if (due == null) {
                        continue;
                    }
                }
            }
            if (due == null) {
                return;
            }
            due.run();
        }
    }

    /** Lets go of all channels; those that were closed release their descriptors now. */
    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
