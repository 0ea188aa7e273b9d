package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.ConnectFailure.Kind;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests to a running daemon by a client that is no user of it. Starts no daemon. */
public final class Control {
    private static final long POLL_MILLIS = 2;
    private static final long KILL_PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private Control() {}

    /** The callback for a killed process. */
    public interface Killed {
        /** The process was killed, and could not record this itself; {@code why} names the killer and the reason. */
        void killed(ProcessIdentity process, String why);
    }

    /**
     * Asks the daemon to stop, and waits for its end.
     *
     * @return false when no daemon serves
     */
    public static boolean stop(Target target, String why, long nanos) throws ConnectFailure {
        ClientSession session = Connector.probe(target, nanos);
        return session != null && stop(target, session, why, nanos);
    }

    private static boolean stop(Target target, ClientSession session, String why, long nanos) throws ConnectFailure {
        long deadline = System.nanoTime() + nanos;
        try {
            Hello hello = session.hello();
            if (hello == null) {
                return false;
            }
            ProcessIdentity process = visible(hello);
            session.ask("stop", List.of(why), deadline);
            boolean gone = process != null
                    ? awaitEnd(process, deadline)
                    : session.awaitClose(deadline)
                            && (hello.isForeground() || awaitUnlocked(target.socket(), deadline));
            if (!gone) {
                throw new ConnectFailure(
                        Kind.UNREACHABLE,
                        "the daemon at " + target.socket() + " (pid " + hello.pid() + ") was asked to stop and is still"
                                + " there after " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms; its log is "
                                + target.socket().log(),
                        null);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(Kind.INTERRUPTED, "interrupted while waiting for a daemon to stop", e);
        } finally {
            session.close();
        }
    }

    /**
     * Asks the daemon to stop, and kills it if it does not answer within the timeout, or is still there when the
     * timeout is over.
     *
     * @return false when no daemon serves
     */
    public static boolean kill(Target target, String why, long nanos, Killed killed) throws ConnectFailure {
        String reason = "it did not answer";
        ProcessIdentity asked = null;
        try {
            ClientSession session = Connector.probe(target, nanos);
            reason = "it was still there after it had been asked to stop";
            asked = session == null ? null : visible(session.hello());
            return session != null && stop(target, session, why, nanos);
        } catch (ConnectFailure e) {
            if (e.kind() != Kind.UNREACHABLE) {
                throw e;
            }
            // Between the timeout and this look a daemon that was asked to stop may have ended, or have given up its
            // socket and with it its info file.
            ProcessIdentity listed = listed(target.socket(), e);
            if (asked != null && !asked.equals(listed)) {
                return !asked.isRunning() || awaitRetired(target, asked, killed, why, 0);
            }
            if (listed == null || !end(listed)) {
                throw new ConnectFailure(
                        Kind.UNREACHABLE,
                        e.getMessage() + "; nothing was killed, since "
                                + target.socket().info()
                                + " names no process that is surely this daemon, and can be seen from here",
                        e);
            }
            killed.killed(listed, "killed by " + why + ": " + reason);
            return true;
        }
    }

    /**
     * Waits for a daemon that has given up its socket, and so cannot be asked; kills it, if wanted, when the timeout is
     * over. The daemon's own entry in a file is no proof; its command line must also name the socket.
     *
     * @param killed told of the kill, when the daemon is to be killed; else null
     */
    public static boolean awaitRetired(
            Target target, ProcessIdentity process, @Nullable Killed killed, String why, long nanos)
            throws ConnectFailure {
        boolean visible = process.isRunning();
        try {
            long deadline = System.nanoTime() + nanos;
            // A daemon of another process-id namespace is listed for as long as it keeps its lock.
            if (visible ? awaitEnd(process, deadline) : awaitUnlocked(target.socket(), deadline)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(Kind.INTERRUPTED, "interrupted while waiting for a daemon to end", e);
        }
        String still = "the daemon that retired from " + target.socket() + " (" + process + ") is still there after "
                + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
        if (killed == null) {
            throw new ConnectFailure(Kind.UNREACHABLE, still, null);
        }
        if (!process.hasArgument(target.socket().toString()) || !end(process)) {
            if (visible && !process.isRunning()) {
                return true;
            }
            throw new ConnectFailure(
                    Kind.UNREACHABLE,
                    still + "; it was not killed, since its command line does not name that socket",
                    null);
        }
        killed.killed(process, "killed by " + why + ": it was still there after it had retired");
        return true;
    }

    /** The process that said hello just now; null when it is not visible, as in another process-id namespace. */
    private static @Nullable ProcessIdentity visible(@Nullable Hello hello) {
        if (hello == null || hello.isForeground()) {
            return null;
        }
        ProcessIdentity process = new ProcessIdentity(hello.pid(), hello.started());
        return process.isRunning() ? process : null;
    }

    /** The process id in the info file is believed only together with the time at which that process began. */
    private static @Nullable ProcessIdentity listed(SocketPath socket, ConnectFailure because) {
        try {
            return visible(Hello.written(PrivateFiles.readIfOwn(socket.info(), Hello.MAX_INFO)));
        } catch (IOException e) {
            because.addSuppressed(e);
            return null;
        }
    }

    private static boolean end(ProcessIdentity process) throws ConnectFailure {
        try {
            return ProcessHandle.of(process.pid())
                            .map(ProcessHandle::destroyForcibly)
                            .orElse(true)
                    && awaitEnd(process, System.nanoTime() + KILL_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(Kind.INTERRUPTED, "interrupted while waiting for a daemon to end", e);
        }
    }

    /**
     * The daemon's status.
     *
     * @return null when no daemon serves
     */
    public static @Nullable Map<?, ?> status(Target target, long nanos) throws ConnectFailure {
        ClientSession session = Connector.probe(target, nanos);
        if (session == null) {
            return null;
        }
        try {
            Response answer = session.ask("status", List.of(), System.nanoTime() + nanos);
            return answer != null && answer.value() instanceof Map<?, ?> status ? status : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure(Kind.INTERRUPTED, "interrupted while asking a daemon for its status", e);
        } finally {
            session.close();
        }
    }

    /** Waits for the end of a daemon whose process is not visible, but whose lock is. */
    private static boolean awaitUnlocked(SocketPath socket, long deadline) throws ConnectFailure, InterruptedException {
        try {
            while (!LockFile.isFree(socket.addressLock())) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                Thread.sleep(POLL_MILLIS);
            }
            return true;
        } catch (IOException e) {
            throw new ConnectFailure(Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Polls: no event reports the end of a process that is not our child. */
    private static boolean awaitEnd(ProcessIdentity process, long deadline) throws InterruptedException {
        while (process.isRunning()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
