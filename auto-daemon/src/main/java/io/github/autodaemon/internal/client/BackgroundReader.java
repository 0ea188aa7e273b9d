package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.mux.Monitor;
import io.github.autodaemon.internal.rpc.Session;
import org.jspecify.annotations.Nullable;

/** Reads a client's socket while there is a reason to and no thread waits for an answer: futures, and listeners. */
final class BackgroundReader {
    private final Monitor monitor;
    private final Session session;

    // Guarded by the monitor.
    private int reasons;
    private @Nullable Thread thread;

    BackgroundReader(Monitor monitor, Session session) {
        this.monitor = monitor;
        this.session = session;
    }

    /** There is one reason more. */
    void needed() {
        change(1);
    }

    /** There is one less. */
    void settled() {
        change(-1);
    }

    private void change(int by) {
        monitor.lock();
        try {
            reasons += by;
            if (reasons > 0 && thread == null) {
                thread = startThread(this::read, "auto-daemon-reader");
            }
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private void read() {
        monitor.lock();
        try {
            boolean ended = monitor.await(() -> reasons == 0 || session.closedBecause() != null, Long.MAX_VALUE);
            assert ended;
        } catch (InterruptedException e) {
            // Nobody has this thread to interrupt it; if somebody found it, the next waiter reads.
            Thread.currentThread().interrupt();
        } finally {
            thread = null;
            monitor.unlock();
        }
    }

    static Thread startThread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
