package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The first Unix socket of a JVM takes 10 ms, most of it for the random numbers that the JDK's class for them sets up and
 * this library never asks for. They are taken on a thread of their own, while the program reads its arguments and the
 * library makes its plan.
 *
 * <p>The thread touches the JDK's classes alone, so it waits for no initialisation of the program's. Whoever uses a socket
 * waits until it has ended: two threads that initialise the same classes in different orders can wait for each other.
 */
public final class HeadStart {
    private static @Nullable Thread thread;

    private HeadStart() {}

    /** Begins, if nobody has. */
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
                    // Whoever connects will see it too, and can say it.
                    return;
                }
            }
        };
        starting.setDaemon(true);
        try {
            starting.start();
            thread = starting;
        } catch (OutOfMemoryError e) {
            // No thread can be made for now. Whoever connects has no head start.
            thread = null;
        }
    }

    /** Whether whoever makes a socket now would wait. */
    public static synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    /** Waits until it is over, if it has begun; an interrupt stays for later. */
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
