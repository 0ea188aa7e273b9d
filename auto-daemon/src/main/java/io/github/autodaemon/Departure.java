package io.github.autodaemon;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What happens when the daemon's JVM is told to end: by a signal, or by the service. */
final class Departure {
    /** What a JVM that a SIGTERM ends exits with. */
    private static final int TERMINATED = 143;

    private Departure() {}

    /** From now on SIGTERM gives up the socket, lets running calls end within the bound, and closes the service. */
    static void onExit(Server server, long drainMillis) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(server, drainMillis), "auto-daemon-exit"));
    }

    private static void leave(Server server, long drainMillis) {
        if (serviceExits()) {
            // The call that runs is the one that waits for us to be done; there is nothing to let end.
            DaemonMain.log("left: the service ended the process");
            server.close();
            return;
        }
        Thread bound = new Thread(() -> enforce(drainMillis), "auto-daemon-bound");
        bound.setDaemon(true);
        bound.start();
        server.drain("asked to by a signal");
        try {
            server.gone().get(drainMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            DaemonMain.log("left: asked to by a signal; calls were still running after " + drainMillis + " ms");
        } catch (ExecutionException e) {
            DaemonMain.log("left: asked to by a signal; " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Depends on nothing of the daemon: a service that is deadlocked, or a hook that never ends, does not stop it. */
    private static void enforce(long drainMillis) {
        try {
            Thread.sleep(drainMillis + TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(TERMINATED);
    }

    /** A signal is handled on a thread of the JVM's, which does not go through this method. */
    private static boolean serviceExits() {
        for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
            for (StackTraceElement frame : stack) {
                if (frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit")) {
                    return true;
                }
            }
        }
        return false;
    }
}
