package io.github.autodaemon.internal.socket;

import io.github.autodaemon.internal.mux.Monitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A monitor without a thread of its own: of the threads that wait, one runs the loop, and the others wait for it. A
 * client that makes blocking calls therefore starts no thread, and its reply wakes nobody but itself.
 *
 * <pre>
 *   nobody pumps --pause--> this thread pumps --something happened--> nobody pumps, all waiters look again
 *   somebody pumps --pause--> wait for its signal
 * </pre>
 */
public final class PumpMonitor extends Monitor {
    private final Loop loop;
    private @Nullable Thread pump;
    private int waiting;

    /** A monitor for connections in {@code loop}, which nobody else runs. */
    public PumpMonitor(Loop loop) {
        this.loop = loop;
    }

    @Override
    public void signalAll() {
        super.signalAll();
        Thread running = pump;
        if (running != null && running != Thread.currentThread()) {
            loop.wakeup();
        }
    }

    @Override
    public boolean pumpedByWaiters() {
        return true;
    }

    @Override
    public void awaitAside(BooleanSupplier done) {
        Thread thread = new Thread(() -> waitFor(done), "auto-daemon-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void waitFor(BooleanSupplier done) {
        lock();
        try {
            await(done, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            // Nobody has this thread to interrupt it; if somebody found it, the next waiter reads.
            Thread.currentThread().interrupt();
        } finally {
            unlock();
        }
    }

    @Override
    protected void pause(long nanos) throws InterruptedException {
        if (pump != null) {
            waiting++;
            try {
                super.pause(nanos);
            } finally {
                waiting--;
            }
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pump = Thread.currentThread();
        unlock();
        try {
            // False when the loop is closed; whoever closed it has ended the connection, and the waiters see that.
            loop.runOnce(nanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock();
            pump = null;
            if (waiting > 0) {
                super.signalAll();
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
