package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The first Unix socket of a JVM takes 10 ms, most of it for the random numbers that the JDK's socket class sets up and
 * this library never uses. A background thread spends this time while the program reads its arguments and the library
 * makes its plan.
 *
 * <p>The thread touches only the JDK's classes, so it waits for no class initialisation of the program. A thread that
 * uses a socket waits until this thread has ended: two threads that initialise the same classes in different orders can
 * deadlock.
 */
public final class HeadStart {
    private static @Nullable Thread thread;

    private HeadStart() {}

    /** Starts the thread, if it was not started before. */
    public static synchronized void begin() {
        if (thread != null) {
            return;
        }
        Thread starting = new Thread("auto-daemon-head-start") {
            @Override
            public void run() {
                try {
                    SocketChannel.open(StandardProtocolFamily.UNIX).close();
                } catch (IOException | RuntimeException | LinkageError e) {
                    // The connecting thread gets the same failure, and can report it.
                    return;
                }
            }
        };
        starting.setDaemon(true);
        try {
            starting.start();
            thread = starting;
        } catch (OutOfMemoryError e) {
            // No thread can be made for now. The connecting thread has no head start.
            thread = null;
        }
    }

    /** Whether a thread that makes a socket now would wait. */
    public static synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    /** Waits until the thread has ended, if it was started; an interrupt stays pending. */
    static void await() {
        Thread running;
        synchronized (HeadStart.class) {
            running = thread;
        }
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
