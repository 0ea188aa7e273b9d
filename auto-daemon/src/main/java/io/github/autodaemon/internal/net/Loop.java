package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The event loop: waits for sockets and timers, and runs the handlers that were registered for them. One thread at a
 * time calls {@link #runOnce}; every other method may be called from any thread.
 *
 * <p>Sockets are non-blocking, because a thread that is interrupted inside a blocking operation closes the channel; on
 * a non-blocking channel any thread may write.
 */
public final class Loop implements AutoCloseable {
    private static final int READ_BUFFER = 64 * 1024;
    private static final int MANY = 1000;

    /** The callback for a ready channel. */
    interface Handler {
        void ready(SelectionKey key);
    }

    /** An action that runs at its time unless it is cancelled. */
    public final class Timer implements Comparable<Timer> {
        private final long at;
        private @Nullable Runnable action;

        Timer(long at, Runnable action) {
            this.at = at;
            this.action = action;
        }

        /** Prevents the action from starting; the objects that the action refers to are released at once. */
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
    private final AdaptiveSpin spin = new AdaptiveSpin();

    /** Whether {@link #wakeup()} was called since the last wait. */
    private volatile boolean woken;

    /** Whether a task or a timer was added since the last look at them. Changes with their lock held. */
    private volatile boolean planned;

    private int cancelledTimers;

    // Touched only by the thread inside of runOnce.
    private @Nullable ByteBuffer readBuffer;
    private boolean hasNext;
    private long next;
    private boolean measuring;
    private long came;

    private @Nullable SelectionKey[] ready = new SelectionKey[8];
    private int readyCount;

    /**
     * Collects the ready keys. Called with the selector locked; the ready keys are handled afterwards: a virtual thread
     * that waits for a lock in this callback may pin its carrier.
     */
    private final Consumer<SelectionKey> collecting = new Consumer<>() {
        @Override
        public void accept(SelectionKey key) {
            if (measuring) {
                measuring = false;
                came = System.nanoTime();
            }
            if (readyCount == ready.length) {
                ready = Arrays.copyOf(ready, 2 * readyCount);
            }
            ready[readyCount] = key;
            readyCount++;
        }
    };

    private final MemoryBudget holdings;

    /** A loop with nothing in it. */
    public Loop() throws IOException {
        this(Long.MAX_VALUE, ended -> {});
    }

    /**
     * As {@link #Loop()}; {@code most} bounds the bytes that the peers of all connections together make this side hold,
     * and {@code log} gets a line for each connection that this bound ends.
     */
    public Loop(long most, Consumer<String> log) throws IOException {
        selector = Selector.open();
        holdings = new MemoryBudget(
                new MemoryBudget.Holders() {
                    @Override
                    public List<MemoryBudget.Holder> all() {
                        return holders();
                    }

                    @Override
                    public void after(long nanos, Runnable task) {
                        var unused = Loop.this.after(nanos, task);
                    }
                },
                most,
                log);
    }

    /** The bytes that the peers of the loop's connections make this side hold. */
    public MemoryBudget holdings() {
        return holdings;
    }

    /** The connections in this loop. */
    private List<MemoryBudget.Holder> holders() {
        List<MemoryBudget.Holder> wires = new ArrayList<>();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof MemoryBudget.Holder wire) {
                wires.add(wire);
            }
        }
        return wires;
    }

    /** Runs {@code task} in the loop. */
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            planned = true;
        }
        wakeup();
    }

    /** Runs {@code action} in the loop once {@code nanos} have passed. */
    public Timer after(long nanos, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + nanos, action);
        synchronized (tasks) {
            timers.add(timer);
            planned = true;
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
     * Waits at most {@code nanos} for events and handles them.
     *
     * @param mayLook whether the loop may poll for a moment before it sleeps, where polling pays
     * @return false when the loop is closed
     */
    public boolean runOnce(long nanos, boolean mayLook) throws IOException {
        try {
            boolean looks = mayLook && spin.pays();
            boolean measured = looks || spin.measures();
            boolean limited = planned || hasNext;
            // The clock is read only where the time is needed: a reading costs a hundredth of a call.
            long now = measured || limited ? System.nanoTime() : 0;
            long wait = limited ? Math.min(nanos, nanosToNext(now)) : nanos;
            if (wait <= 0) {
                selector.selectNow(collecting);
                came = now;
            } else if (!looks) {
                sleep(now, wait, measured);
            } else if (!look(now, wait)) {
                sleep(System.nanoTime(), wait, true);
            }
        } catch (ClosedSelectorException e) {
            return false;
        } finally {
            // The caller sees on return every change that was made before a wake-up until here.
            woken = false;
        }
        handleReady();
        holdings.relieve();
        if (planned || (hasNext && next - came <= 0)) {
            runDue();
        }
        return selector.isOpen();
    }

    private void sleep(long began, long nanos, boolean measured) throws IOException {
        measuring = measured || hasNext;
        // Rounded up: waking early would spin through the last millisecond.
        int ready = nanos == Long.MAX_VALUE
                ? selector.select(collecting)
                : selector.select(collecting, nanos / 1_000_000 + 1);
        if (ready == 0 && hasNext) {
            came = System.nanoTime();
        } else if (ready > 0 && measured) {
            spin.slept(came - began);
        }
    }

    /** Whether there is, after a moment at most, a reason not to sleep. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on the yield; it gives the processor to other threads.
    private boolean look(long began, long nanos) throws IOException {
        long now = began;
        long end = now + Math.min(nanos, AdaptiveSpin.MOMENT);
        boolean first = true;
        while (now - end < 0) {
            measuring = true;
            if (selector.selectNow(collecting) > 0) {
                // An event that had come before the look is no evidence.
                if (!first) {
                    spin.found(came - now);
                }
                return true;
            }
            now = System.nanoTime();
            // The look has consumed the selector's own wake-up.
            if (woken) {
                came = now;
                return true;
            }
            first = false;
            Thread.yield();
        }
        spin.foundNothing();
        return false;
    }

    private void handleReady() {
        int count = readyCount;
        readyCount = 0;
        for (int i = 0; i < count; i++) {
            SelectionKey key = ready[i];
            ready[i] = null;
            if (key != null && selector.isOpen()) {
                ready(key);
                holdings.relieve();
            }
        }
    }

    private static void ready(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Handler handler) {
            try {
                handler.ready(key);
            } catch (CancelledKeyException e) {
                // Another thread closed the channel meanwhile and has cleaned up.
                return;
            }
        }
    }

    /** Nanoseconds until the next task or timer is due; 0 when one is due now. */
    private long nanosToNext(long now) {
        if (planned) {
            synchronized (tasks) {
                if (!tasks.isEmpty()) {
                    return 0;
                }
                plan();
            }
        }
        return hasNext ? Math.max(0, next - now) : Long.MAX_VALUE;
    }

    /** Finds out when the next timer is due. There are no tasks; their lock is held. */
    private void plan() {
        planned = false;
        Timer timer = timers.peek();
        while (timer != null && timer.action == null) {
            timers.remove();
            timer = timers.peek();
        }
        hasNext = timer != null;
        next = timer == null ? 0 : timer.at;
    }

    private void runDue() {
        Runnable due = due();
        while (due != null) {
            due.run();
            due = due();
        }
    }

    private @Nullable Runnable due() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            if (task != null) {
                return task;
            }
            plan();
            if (!hasNext || next - System.nanoTime() > 0) {
                return null;
            }
            return timers.remove().action;
        }
    }

    /** Deregisters all channels; closed channels release their descriptors now. */
    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
