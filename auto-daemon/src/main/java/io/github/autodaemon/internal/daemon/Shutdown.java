package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.internal.fs.Signals;
import io.github.autodaemon.internal.server.Reason;
import io.github.autodaemon.internal.startup.ArchiveMaker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the daemon's process. When the daemon was told to end, a thread that depends on no other part of the daemon
 * enforces the drain time: a handler that never returns, a deadlocked service or a shutdown hook that hangs does not
 * keep the daemon half alive.
 */
final class Shutdown implements Consumer<Reason> {
    /** The exit code of a JVM that SIGTERM ends. */
    private static final int TERMINATED = 143;

    private static final int TIMED_OUT = 1;

    private final long drainMillis;
    private final boolean exitOnClose;
    private final ArchiveMaker archives;
    private final AtomicBoolean bounded = new AtomicBoolean();
    private final AtomicInteger signals = new AtomicInteger();
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Thread listening = new Thread("auto-daemon-signals") {
        @Override
        public void run() {
            String none = Signals.on("TERM", new Runnable() {
                @Override
                public void run() {
                    signalled();
                }
            });
            if (none != null) {
                DaemonLog.say("a second SIGTERM will have no effect: " + none);
            }
        }
    };
    private volatile @Nullable ServiceServer server;

    Shutdown(long drainMillis, boolean exitOnClose, ArchiveMaker archives) {
        this.drainMillis = drainMillis;
        this.exitOnClose = exitOnClose;
        this.archives = archives;
    }

    /** The server begins to leave and must be gone within the drain time. */
    @Override
    public void accept(Reason why) {
        if (bounded.compareAndSet(false, true)) {
            Thread bound = new Thread(() -> enforce(why), "auto-daemon-bound");
            bound.setDaemon(true);
            try {
                bound.start();
            } catch (OutOfMemoryError e) {
                // The daemon leaves all the same, and the next request tries again.
                bounded.set(false);
                DaemonLog.say("nothing bounds the time to leave for now: " + e.getMessage());
            }
        }
    }

    /** Begins to listen to signals, on another thread beside the start, since this takes a while. */
    void begin() {
        listening.setDaemon(true);
        listening.start();
    }

    /** From now on the process ends with the server, and the server with the process. */
    void watch(ServiceServer server) throws InterruptedException {
        this.server = server;
        var unused = server.goneBecause().thenAccept(new Consumer<>() {
            @Override
            public void accept(Reason why) {
                gone(why);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread("auto-daemon-exit") {
            @Override
            public void run() {
                leave(server);
            }
        });
        listening.join();
    }

    private void signalled() {
        ServiceServer server = this.server;
        if (server == null) {
            System.exit(TERMINATED);
        } else if (signals.incrementAndGet() == 1) {
            // No daemon thread: else the process would end by itself, with another exit code, when the server's thread
            // has ended.
            Thread end = new Thread(() -> terminate(server), "auto-daemon-terminate");
            end.setDaemon(false);
            try {
                end.start();
            } catch (OutOfMemoryError e) {
                // The JVM's thread for this signal, which runs this code, is used instead.
                terminate(server);
            }
            return;
        }
        DaemonLog.say("left: told by a second signal to end at once");
        archives.end();
        Runtime.getRuntime().halt(TERMINATED);
    }

    /**
     * Before the shutdown hooks and not in one of them, since hooks run concurrently: the output of the flight
     * recorder's or a logger's hook contains the end.
     */
    private void terminate(ServiceServer server) {
        try {
            server.drain(Reason.signal());
            gone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            System.exit(TERMINATED);
        }
    }

    /**
     * Threads of the service that are no daemon threads keep the process alive, unless {@code exitOnClose} is set, the
     * daemon was stopped, or one of these threads is why it leaves.
     */
    private void gone(Reason why) {
        DaemonLog.say("left: " + why);
        gone.countDown();
        if (signals.get() == 0
                && (exitOnClose || why.kind() == Reason.Kind.STOPPED || why.kind() == Reason.Kind.STUCK)) {
            System.exit(0);
        } else if (signals.get() == 0) {
            archives.finish();
        }
    }

    /** The JVM ends: give up the socket, let running calls end within the bound, close the service. */
    private void leave(ServiceServer server) {
        archives.end();
        if (gone.getCount() == 0) {
            return;
        }
        if (signals.get() == 0 && serviceExits()) {
            // The running call waits for this shutdown; there is no other call to wait for.
            DaemonLog.say("left: " + Reason.exit());
            server.retire(Reason.exit());
            return;
        }
        server.drain(Reason.signal());
        try {
            gone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enforce(Reason why) {
        try {
            Thread.sleep(drainMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean signalled = signals.get() > 0 || why.kind() == Reason.Kind.SIGNAL;
        if (gone.getCount() > 0) {
            DaemonLog.say("left: " + why + "; it was not done after " + drainMillis + " ms");
        } else if (!signalled && why.kind() != Reason.Kind.STOPPED) {
            return;
        }
        archives.end();
        Runtime.getRuntime().halt(signalled ? TERMINATED : TIMED_OUT);
    }

    /**
     * True if a thread is in Runtime.exit. Without sun.misc.Signal a JVM thread handles a signal, and does not go
     * through that method.
     */
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
