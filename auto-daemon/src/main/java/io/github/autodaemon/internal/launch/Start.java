package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.LogFile;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts the daemon's process and waits until it serves. The spawn lock is held. */
final class Start {
    private static final int TAIL_BYTES = 8 * 1024;
    private static final long EXIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Target target;
    private final SocketPath socket;
    private final String why;
    private final boolean lastFailed;
    private final long deadline;
    private Path log;
    private boolean ended;

    /** The daemon whose place is to be taken. */
    interface Predecessor {
        /** Makes the predecessor give up its path; the successor can do the work, and waits. */
        void retire() throws InterruptedException, ConnectFailure;

        /** What becomes of the predecessor when there is no successor, in words. */
        String remains();
    }

    /** A start at {@code socket}; {@code lastFailed} is true if the log there is from a failed start. */
    Start(Target target, SocketPath socket, String why, boolean lastFailed, long deadline) {
        this.target = target;
        this.why = why;
        this.socket = socket;
        this.log = socket.log();
        this.lastFailed = lastFailed;
        this.deadline = deadline;
    }

    /**
     * Starts the daemon.
     *
     * @param predecessor the daemon that the new daemon replaces; null when there is none
     * @return the process; null when it found another serving daemon
     */
    @Nullable
    ProcessHandle run(StartOrder.Role role, @Nullable Predecessor predecessor)
            throws IOException, InterruptedException, ConnectFailure {
        Target.Launcher launcher = target.launch();
        if (launcher == null) {
            throw new IllegalStateException("nothing may be started");
        }
        Launch launch;
        try {
            launch = launcher.launch(socket, role, why, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        } catch (IllegalStateException e) {
            throw new ConnectFailure("the daemon could not be started: " + e.getMessage(), -1, "", null);
        }
        long logStart;
        if (launch.succeeds()) {
            // The log is the predecessor's until the predecessor has retired.
            log = socket.nextLog();
            logStart = LogFile.prepareNext(socket, target.report());
        } else {
            logStart = LogFile.prepare(socket, lastFailed, target.report());
        }
        if (!launch.talks()) {
            // npm's run.js does not replace a stale socket, and leaves this to its client.
            FileFacts facts = FileFacts.of(socket.path());
            if (facts != null && facts.isSocket()) {
                Files.deleteIfExists(socket.path());
            }
        }
        DaemonProcess process;
        try {
            process = DaemonProcess.start(launch, logStart < 0 ? null : log);
        } catch (IOException e) {
            throw new ConnectFailure(
                    "the daemon could not be started: " + e.getMessage() + "; the program is "
                            + launch.command().get(0) + ", with " + launch.size(),
                    -1,
                    "",
                    log.toString());
        }
        try {
            ProcessHandle daemon = process.awaitHandle(deadline - System.nanoTime());
            Consumer<ProcessHandle> onSpawn = target.onSpawn();
            if (onSpawn != null && daemon != null) {
                onSpawn.accept(daemon);
            }
            if (predecessor != null && launch.succeeds()) {
                succeed(process, predecessor, logStart);
            }
            boolean serves = launch.talks() ? awaitReadiness(process, logStart) : awaitSocket(process, logStart);
            process.leave();
            ended = true;
            return serves ? daemon : null;
        } catch (InterruptedException e) {
            // The daemon may serve other clients now or soon. A hanging daemon of this library ends itself at the
            // deadline.
            if (launch.talks() || UnixSocket.isServed(socket)) {
                process.abandon();
                ended = true;
            }
            throw e;
        } finally {
            if (!ended) {
                process.kill();
            }
        }
    }

    /** The predecessor gives up nothing before the successor can do its work. */
    private void succeed(DaemonProcess process, Predecessor predecessor, long logStart)
            throws IOException, InterruptedException, ConnectFailure {
        if (!process.awaitPrepared(deadline - System.nanoTime()) && !process.awaitPrepared(GRACE_NANOS)) {
            ConnectFailure failure = failure(process, logStart);
            String message = failure.getMessage() + "\n" + predecessor.remains();
            throw new ConnectFailure(message, failure.exitCode(), failure.tail(), failure.log());
        }
        boolean retired = false;
        try {
            predecessor.retire();
            retired = true;
        } finally {
            if (!retired) {
                // The successor closes its service and leaves.
                process.abandon();
                ended = true;
            }
        }
        if (logStart >= 0) {
            LogFile.succeed(socket, target.report());
        }
        log = socket.log();
        process.proceed();
    }

    private boolean awaitReadiness(DaemonProcess process, long logStart)
            throws IOException, InterruptedException, ConnectFailure {
        // A start that hangs ends itself at the deadline. If this process was stopped meanwhile, the readiness message
        // waits in the
        // pipe.
        boolean said = process.awaitReadiness(deadline - System.nanoTime()) || process.awaitReadiness(GRACE_NANOS);
        DaemonProcess.Readiness readiness = process.readiness();
        if (said && readiness != null && readiness.kind().equals("ready")) {
            return true;
        }
        if (said && readiness != null && readiness.kind().equals("taken")) {
            return false;
        }
        throw failure(process, logStart);
    }

    /** The failure of a daemon that did not reach the awaited state. */
    private ConnectFailure failure(DaemonProcess process, long logStart) throws IOException, InterruptedException {
        DaemonProcess.Readiness readiness = process.readiness();
        if (!process.isSilent() || (readiness != null && readiness.kind().equals("late"))) {
            return failed("it did not say that it is ready in time and was ended", -1, logStart);
        }
        int exitCode = process.awaitExit(EXIT_NANOS);
        return failed(readiness == null ? "its process ended without a word" : readiness.rest(), exitCode, logStart);
    }

    /** A program without a readiness message is up when it answers. */
    private boolean awaitSocket(DaemonProcess process, long logStart)
            throws IOException, InterruptedException, ConnectFailure {
        while (true) {
            if (UnixSocket.isServed(socket)) {
                return true;
            }
            if (!process.isAlive()) {
                throw failed("its process ended before it answered", process.awaitExit(EXIT_NANOS), logStart);
            }
            if (System.nanoTime() - deadline >= 0) {
                throw failed("it did not answer in time and was ended", -1, logStart);
            }
            TimeUnit.NANOSECONDS.sleep(POLL_NANOS);
        }
    }

    private ConnectFailure failed(String reason, int exitCode, long logStart) throws IOException {
        String tail =
                logStart < 0 ? "" : LogFile.tail(log, logStart, TAIL_BYTES).strip();
        String message = "the daemon at " + socket + " could not be started: " + reason
                + (exitCode < 0 ? "" : " (exit code " + exitCode + ")")
                + (logStart < 0 ? "; there was no room for its log, " : "; its log is ") + log
                + (tail.isEmpty() ? ", and this start wrote nothing to it" : "\n" + tail);
        return new ConnectFailure(message, exitCode, tail, log.toString());
    }
}
