package io.github.autodaemon.internal.net;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes the peers of all connections in a loop make this process hold: what they do not take, and beginnings of lines
 * that they do not end. When these are too many, whoever has held many of them for long, without taking or sending anything, loses
 * its connection: one that is slow, and none that gets on.
 *
 * <p>What waits for this side is no fault of a peer's, and ends no connection; past the same bound it is refused. Any thread
 * may use it.
 */
public final class MemoryBudget {
    /** A connection, as far as it makes this process hold something. */
    interface Holder {
        /** How many bytes. */
        long holds();

        /** When its peer has last taken or sent anything, in the terms of {@link System#nanoTime()}. */
        long gotOn();

        /** Ends it, if it still holds something. */
        void giveUp(String reason);
    }

    /** All connections. */
    interface Holders {
        List<Holder> all();

        /** Runs a task later, where no lock is held. */
        void after(long nanos, Runnable task);
    }

    /** Of these a client is bounded by number; who sends no more is not to suffer from those who fill the rest. */
    private static final int SMALL = 4 * 1024;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final Holders holders;
    private final long most;
    private final Consumer<String> log;
    private final AtomicLong bytes = new AtomicLong();

    /** What has come whole and waits for this side: calls for their turn, bytes for the reader of a stream. */
    private final AtomicLong kept = new AtomicLong();

    private final AtomicBoolean looking = new AtomicBoolean();

    MemoryBudget(Holders holders, long most, Consumer<String> log) {
        this.holders = holders;
        this.most = most;
        this.log = log;
    }

    /** The number past which it is too much. */
    public long most() {
        return most;
    }

    /** Whether it is too much now, so that nothing is to be added that can be done without. */
    public boolean isFull() {
        return bytes.get() > most;
    }

    /** Whether so much may be kept until this side comes to it: half of what all the others leave, and what is small always. */
    public boolean admits(long more) {
        return more <= SMALL || more <= (most - kept.get()) / 2;
    }

    /** Counts what is kept, or, less than 0, is not any more; whether it is within the bound. */
    public boolean keep(long more) {
        return kept.addAndGet(more) <= most;
    }

    /** Where it is twice as much as it should be there is no time to see who gets on. On the loop's thread, without a lock. */
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
        // Somebody may have added meanwhile, or those that hold much get on.
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

    /** Which has most bytes times time; null when all have got on lately. */
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
