package io.github.autodaemon.internal.net;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that the peers of all connections in a loop make this process hold: output that they do not take,
 * and beginnings of lines that they do not end. When these are too many, a peer that has held many of them for long,
 * without taking or sending anything, loses its connection: a slow peer, and none that makes progress.
 *
 * <p>Input that waits for this side is no fault of a peer, and ends no connection; past the same bound it is refused.
 * Any thread may use it.
 */
public final class MemoryBudget {
    /** A connection whose peer may make this process hold bytes. */
    interface Holder {
        /** How many bytes the peer makes this process hold. */
        long holds();

        /** When the peer has last taken or sent anything, as a {@link System#nanoTime()} value. */
        long gotOn();

        /** Ends the connection, if it still holds bytes. */
        void giveUp(String reason);
    }

    /** All connections. */
    interface Holders {
        List<Holder> all();

        /** Runs a task later, where no lock is held. */
        void after(long nanos, Runnable task);
    }

    /**
     * Small requests are bounded by number for each client; a client that sends only these does not suffer from clients
     * that fill the rest.
     */
    private static final int SMALL = 4 * 1024;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final Holders holders;
    private final long most;
    private final Consumer<String> log;
    private final AtomicLong bytes = new AtomicLong();

    /** Complete input that waits for this side, in bytes: calls for their turn, bytes for the reader of a stream. */
    private final AtomicLong kept = new AtomicLong();

    private final AtomicBoolean looking = new AtomicBoolean();

    MemoryBudget(Holders holders, long most, Consumer<String> log) {
        this.holders = holders;
        this.most = most;
        this.log = log;
    }

    /** The bound, in bytes. */
    public long most() {
        return most;
    }

    /** Whether the bound is exceeded, so that no dispensable bytes are to be added. */
    public boolean isFull() {
        return bytes.get() > most;
    }

    /**
     * Whether so many bytes may be kept until this side handles them: up to half of the free budget, and small requests
     * always.
     */
    public boolean admits(long more) {
        return more <= SMALL || more <= (most - kept.get()) / 2;
    }

    /** Adds kept bytes, or removes them if {@code more} is less than 0; returns whether the sum is within the bound. */
    public boolean keep(long more) {
        return kept.addAndGet(more) <= most;
    }

    /**
     * At twice the bound there is no time to see which peers make progress. Called on the loop's thread, without a
     * lock.
     */
    void relieve() {
        if (bytes.get() / 2 > most) {
            endSlowest(2 * most, 0);
        }
    }

    void add(long more) {
        if (bytes.addAndGet(more) > most && looking.compareAndSet(false, true)) {
            holders.after(PATIENCE, this::look);
        }
    }

    private void look() {
        endSlowest(most, PATIENCE);
        looking.set(false);
        // Another thread may have added bytes meanwhile, or the largest holders make progress.
        add(0);
    }

    private void endSlowest(long enough, long patience) {
        Holder slowest = slowest(patience);
        while (slowest != null && bytes.get() > enough) {
            String reason = "this daemon holds " + bytes.get() + " bytes for all its clients, the limit is " + most
                    + ", and this one has held many of them without getting on";
            slowest.giveUp(reason);
            log.accept("a connection was ended: " + reason);
            slowest = slowest(patience);
        }
    }

    /** The connection with the most bytes times idle time; null when all peers have made progress lately. */
    private @Nullable Holder slowest(long patience) {
        long now = System.nanoTime();
        Holder slowest = null;
        double worst = 0;
        for (Holder wire : holders.all()) {
            long idle = now - wire.gotOn();
            double score = idle < patience ? 0 : (double) wire.holds() * idle;
            if (score > worst) {
                worst = score;
                slowest = wire;
            }
        }
        return slowest;
    }
}
