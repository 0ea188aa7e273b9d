package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.fs.LogLines;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.ConfigCheck;
import io.github.autodaemon.internal.net.HeadStart;
import io.github.autodaemon.internal.rpc.Version;
import io.github.autodaemon.internal.server.LaunchContext;
import io.github.autodaemon.internal.server.TakenException;
import io.github.autodaemon.internal.startup.ArchiveMaker;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's process. Its arguments, the name and the socket, are for {@code ps}; the start order comes as one JSON
 * line on standard input. The daemon says one word on standard output ({@code ready}, {@code taken PID}, {@code late}
 * or {@code failed REASON}, after the nonce that the starter chose) and closes it; standard error is the log.
 *
 * <p>A successor of a serving daemon does all work that may be done before, says {@code prepared}, and waits for a
 * second line, which comes when its predecessor has retired. If no line comes, the successor is not needed.
 *
 * <p>Until its first answer the daemon runs no lambda, stream, regular expression or formatter, and its one proxy is
 * made on another thread: the first use of each costs milliseconds, in which the starter waits.
 *
 * <p>If the first argument is npm's {@code run.js}, npm's client has started the daemon; see {@link NpmMain}.
 */
public final class DaemonMain {
    private static final int FAILED = 1;

    private static final Consumer<String> OWN_LINES = new Consumer<>() {
        @Override
        public void accept(String line) {
            DaemonLog.say(line);
        }
    };

    private DaemonMain() {}

    /** Runs a daemon. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].endsWith(NpmMain.RUN_JS)) {
            NpmMain.run(args);
            return;
        }
        HeadStart.begin();
        // The service's output goes to the log; the pipe is for the readiness message alone.
        FileOutputStream pipe = new FileOutputStream(FileDescriptor.out);
        LogLines.install(DaemonLog.LOG);
        String nonce = "";
        try {
            StartOrder order = StartOrder.parse(readLine());
            nonce = order.nonce();
            DaemonConfig config = order.config();
            String missing = ConfigCheck.missingModule();
            if (missing != null) {
                throw new IllegalStateException(missing);
            }
            SocketPath socket = SocketPath.at(PrivateFiles.parse(order.socket()));
            Files.deleteIfExists(socket.arguments());
            long pid = ProcessIdentity.ownPid();
            DaemonLog.LOG.begin(LogLines.own("started by " + order.starter() + " for " + socket + ": "
                    + order.why()
                    + "; version " + Version.CURRENT + ", pid " + pid));
            StartOrder.Role role = order.role();
            if (!role.succeeds()) {
                DaemonLog.LOG.bound(socket, config.maxLog());
            }
            ArchiveMaker archives = new ArchiveMaker(OWN_LINES);
            archives.see(order.archives());
            Shutdown shutdown = new Shutdown(config.drainMillis(), config.exitOnClose(), archives);
            shutdown.begin();
            long left = order.deadline() - System.nanoTime();
            AtomicBoolean decided = new AtomicBoolean();
            limitStart(left, decided, pipe, nonce + " late");
            String word = nonce + " prepared\n";
            LaunchContext context = context(order, shutdown, archives);
            Runnable beforeItListens = new Runnable() {
                @Override
                public void run() {
                    decide(decided);
                }
            };
            Asking asking = new Asking() {
                @Override
                public void goOn() throws IOException, NotNeededException {
                    askToGoOn(pipe, word);
                    // The log has its final name by now.
                    DaemonLog.LOG.bound(socket, config.maxLog());
                }
            };
            ServiceServer server = role.succeeds()
                    ? succeed(config, socket, context, left, beforeItListens, asking, role == StartOrder.Role.HEIR)
                    : ServiceFactory.listen(config, socket, context, left, beforeItListens);
            shutdown.watch(server);
            // Before any client is served: a starter that was suspended finds the message and does not kill the daemon.
            say(pipe, nonce + " ready " + pid);
            server.serve();
        } catch (TakenException e) {
            DaemonLog.say("not needed: " + e.getMessage());
            say(pipe, nonce + " taken " + e.pid());
            System.exit(0);
        } catch (NotNeededException e) {
            DaemonLog.say("not needed: " + e.getMessage());
            System.exit(0);
        } catch (Throwable t) {
            t.printStackTrace();
            say(pipe, nonce + " failed " + reason(t));
            System.exit(FAILED);
        }
    }

    /**
     * Ends the shell that would report this process's end to the starter. Usually the starter ends the shell, but the
     * starter may have been killed.
     */
    private static void endShell(String nonce) {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        if (parent != null && new ProcessIdentity(parent.pid(), 0).hasArgument(nonce)) {
            parent.destroy();
        }
    }

    private static LaunchContext context(StartOrder order, Shutdown shutdown, ArchiveMaker archives) {
        String nonce = order.nonce();
        Map<String, @Nullable Object> details = order.fingerprint();
        return new LaunchContext(
                order.startedBy(),
                order.why(),
                order.starter(),
                order.role() == StartOrder.Role.BESIDE,
                order.digest(),
                details == null ? Map.of() : details,
                OWN_LINES,
                shutdown,
                new Consumer<Boolean>() {
                    private boolean alone;

                    @Override
                    public void accept(Boolean serves) {
                        if (!alone) {
                            alone = true;
                            endShell(nonce);
                        }
                        look(serves);
                        archives.look();
                    }
                });
    }

    /** Reads one line of standard input; more lines may follow. */
    private static String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = System.in.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = System.in.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /**
     * Takes the place of the serving daemon, when all steps that can fail before have succeeded. An heir makes its
     * service after the predecessor has closed its own, and until then only loads the service's classes.
     */
    private static ServiceServer succeed(
            DaemonConfig config,
            SocketPath socket,
            LaunchContext context,
            long patienceNanos,
            Runnable beforeItListens,
            Asking asking,
            boolean heir)
            throws Exception {
        long deadline = System.nanoTime() + patienceNanos;
        ServiceServer made = null;
        boolean serves = false;
        try {
            if (heir) {
                ServiceFactory.prepare(config);
            } else {
                made = ServiceFactory.make(config, socket, context);
            }
            DaemonLog.say("prepared: waits for the daemon that serves to retire");
            asking.goOn();
            ServiceServer server =
                    ServiceFactory.listen(made, config, socket, context, deadline - System.nanoTime(), beforeItListens);
            serves = true;
            return server;
        } finally {
            if (!serves && made != null) {
                // The wait is bounded by the deadline of the start.
                made.close();
                made.goneBecause().join();
            }
        }
    }

    /** Waits until the serving daemon has retired. */
    private interface Asking {
        void goOn() throws IOException, NotNeededException;
    }

    private static void askToGoOn(FileOutputStream pipe, String word) throws IOException, NotNeededException {
        try {
            pipe.write(word.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The starter has died.
            throw new NotNeededException();
        }
        if (readLine().isEmpty()) {
            throw new NotNeededException();
        }
    }

    /** The serving daemon goes on. */
    private static final class NotNeededException extends Exception {
        private static final long serialVersionUID = 1;

        NotNeededException() {
            super("whoever started it does not want it in the place of the daemon that serves");
        }
    }

    /**
     * Limits the start to the starter's deadline. After the deadline no daemon begins to serve: a starter that was
     * suspended, and then kills a start that seems to hang, kills no serving daemon.
     */
    private static void limitStart(long nanos, AtomicBoolean decided, FileOutputStream pipe, String word) {
        Thread bound = new Thread("auto-daemon-start") {
            @Override
            public void run() {
                try {
                    TimeUnit.NANOSECONDS.sleep(nanos);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                if (decided.compareAndSet(false, true)) {
                    DaemonLog.say("left: not ready in time, and nobody waits any longer");
                    say(pipe, word);
                    Runtime.getRuntime().halt(FAILED);
                }
            }
        };
        bound.setDaemon(true);
        bound.start();
    }

    /** Goes on if there is time left; else blocks, since the process is being ended. */
    private static void decide(AtomicBoolean decided) {
        boolean inTime = decided.compareAndSet(false, true);
        while (!inTime) {
            LockSupport.park();
        }
    }

    private static void look(boolean serves) {
        try {
            DaemonLog.LOG.look(serves);
        } catch (IOException e) {
            DaemonLog.say("the log could not be kept within bounds: " + PrivateFiles.reason(e));
        }
    }

    static String reason(Throwable t) {
        String message = t instanceof AutoDaemonException ? String.valueOf(t.getMessage()) : t.toString();
        return message.lines().findFirst().orElse("").strip();
    }

    private static void say(FileOutputStream pipe, String word) {
        // After this the starter's pipe ends: a reader of the starter's output does not wait for the daemon.
        try (PrintStream out = new PrintStream(pipe, true, StandardCharsets.UTF_8)) {
            out.println(word);
        } finally {
            System.out.flush();
        }
        try {
            System.in.close();
        } catch (IOException e) {
            DaemonLog.say("standard input did not close: " + e.getMessage());
        }
    }
}
