package io.github.autodaemon.admin;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.ConnectFailure;
import io.github.autodaemon.internal.launch.Control;
import io.github.autodaemon.internal.launch.Target;
import io.github.autodaemon.internal.launch.Targets;
import io.github.autodaemon.internal.net.ListeningSocket;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.server.History;
import io.github.autodaemon.internal.server.Index;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a daemon, or of the files that a dead daemon has left; see {@link Daemons}. The properties do not
 * change; an action such as {@link #stop} applies to the daemon that is at the socket at the time of the action. Any
 * thread may use this object.
 */
public final class Daemon {
    /** The daemon's state at the time of the look. */
    public enum State {
        /** A client is starting the daemon. */
        STARTING,
        /** The daemon serves. */
        SERVING,
        /** The daemon has given up its socket and finishes the work of its connections. */
        RETIRING,
        /** A listener does not answer. */
        NOT_RESPONDING,
        /** npm's daemon, which has no status. */
        NPM,
        /** The listener or file at the path is no daemon of this user. */
        OTHER,
        /** The daemon died, and its files can be removed. */
        LEFTOVER,
        /** There is no daemon. */
        NOT_RUNNING
    }

    private static final String SUFFIX = ".sock";

    private final SocketPath socket;
    private final State state;
    private final String note;
    private final @Nullable ProcessIdentity process;
    private final Index.@Nullable Entry entry;
    private final @Nullable DaemonStatus status;
    private final Map<String, List<String>> fingerprint;
    private final List<Path> leftovers;
    private final long memory;

    Daemon(
            SocketPath socket,
            State state,
            String note,
            @Nullable ProcessIdentity process,
            Index.@Nullable Entry entry,
            @Nullable Map<?, ?> status,
            Map<?, ?> fingerprint,
            List<Path> leftovers) {
        this.socket = socket;
        this.state = state;
        this.note = note;
        this.process = process;
        this.entry = entry;
        this.status = status == null ? null : DaemonStatus.of(status);
        this.fingerprint = texts(fingerprint);
        this.leftovers = List.copyOf(leftovers);
        this.memory = process == null || !process.isRunning() ? -1 : process.memory();
    }

    private static Map<String, List<String>> texts(Map<?, ?> map) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        map.forEach((field, value) -> texts.put(
                String.valueOf(field),
                value instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of(String.valueOf(value))));
        return texts;
    }

    /** The daemon's name, as its socket's file name shows it. */
    public String name() {
        String file = String.valueOf(socket.path().getFileName());
        return file.endsWith(SUFFIX) && file.length() > SUFFIX.length()
                ? file.substring(0, file.length() - SUFFIX.length())
                : file;
    }

    /** The path that the daemon listens at, or listened at. */
    public Path socket() {
        return socket.path();
    }

    /** The daemon's state at the time of the look. */
    public State state() {
        return state;
    }

    /** Details of the state, in words; empty when the daemon serves. */
    public String note() {
        return note;
    }

    /** True if the daemon has a process. */
    public boolean isRunning() {
        return switch (state) {
            case STARTING, SERVING, RETIRING, NOT_RESPONDING, NPM -> true;
            case OTHER, LEFTOVER, NOT_RUNNING -> false;
        };
    }

    /** The daemon's process id; for a daemon that does not answer, as far as its files and locks show it. */
    public OptionalLong pid() {
        return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    /** The daemon's status, if it answered. */
    public Optional<DaemonStatus> status() {
        return Optional.ofNullable(status);
    }

    /** When the daemon began to serve; for a daemon that did not answer, from its entry in the index. */
    public Optional<Instant> since() {
        if (status != null) {
            return Optional.of(status.since());
        }
        return entry == null || entry.since() == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(entry.since()));
    }

    /** The version of the library that the daemon runs; empty when it is not known. */
    public String version() {
        return status != null ? status.version() : entry == null ? "" : entry.version();
    }

    /** The name of the daemon's service class; empty when it is not known. */
    public String service() {
        return status != null ? status.service() : entry == null ? "" : entry.service();
    }

    /** The memory of the daemon's process, in bytes. */
    public OptionalLong memory() {
        return memory < 0 ? OptionalLong.empty() : OptionalLong.of(memory);
    }

    /**
     * The fields that a client compares with its own description; empty unless a single daemon was asked, and its
     * starter set them.
     */
    public Map<String, List<String>> fingerprint() {
        return fingerprint;
    }

    /** The files that a dead daemon has left behind. */
    public List<Path> leftovers() {
        return leftovers;
    }

    /** The path of the daemon's log. */
    public Path log() {
        return socket.log();
    }

    /** The path of the log of the previous run. */
    public Path previousLog() {
        return socket.previousLog();
    }

    /**
     * The starts and ends of the daemons at this socket, the oldest first.
     *
     * @throws UnreachableException when they cannot be read
     */
    public List<DaemonEvent> history() {
        try {
            List<DaemonEvent> events = new ArrayList<>();
            for (Map<?, ?> event : History.of(socket)) {
                events.add(DaemonEvent.of(event));
            }
            return events;
        } catch (IOException e) {
            throw new UnreachableException(
                    "the history of " + socket + " cannot be read: " + PrivateFiles.reason(e), e);
        }
    }

    /**
     * Stops the daemon at this socket, and returns when its process is gone, as {@link AutoDaemon#stop}. For a daemon
     * that already retires and cannot be asked any more, this method waits.
     *
     * @return false when no daemon serves
     * @throws UnreachableException when the daemon does not answer, or is still there when the time is over
     */
    public boolean stop(Duration patience) {
        return stop(patience, false);
    }

    /**
     * Stops the daemon, and ends its process when it does not answer or is still there when the time is over, as
     * {@link AutoDaemon#kill}: only a process that is proved to be this daemon.
     *
     * @return false when no daemon serves
     * @throws UnreachableException when there was no process that may be ended
     */
    public boolean kill(Duration patience) {
        return stop(patience, true);
    }

    private boolean stop(Duration patience, boolean kill) {
        Target target = Targets.any(socket, false, Limits.DEFAULT, null);
        try {
            if (state == State.RETIRING && status == null && process != null) {
                return Control.awaitRetired(
                        target, process, kill ? this::killed : null, Targets.starter(), patience.toNanos());
            }
            return kill
                    ? Control.kill(target, Targets.starter(), patience.toNanos(), this::killed)
                    : Control.stop(target, Targets.starter(), patience.toNanos());
        } catch (ConnectFailure e) {
            throw Targets.publicly(e, socket);
        }
    }

    private void killed(ProcessIdentity ended, String why) {
        History.killed(socket, ended, why);
    }

    /**
     * Removes the files of a dead daemon, as far as it is still proved dead: under its address lock, a socket without a
     * listener, and entries of the index whose process is gone.
     *
     * @return the removed files
     * @throws UnreachableException when a file cannot be removed
     */
    public List<Path> clean() {
        List<Path> removed = new ArrayList<>();
        try {
            for (Path leftover : leftovers) {
                boolean dead = leftover.equals(socket.path()) ? removeSocket() : removeEntry(leftover);
                if (dead) {
                    removed.add(leftover);
                }
            }
            return removed;
        } catch (IOException e) {
            throw new UnreachableException(
                    "what is left of " + socket + " cannot be removed: " + PrivateFiles.reason(e), e);
        }
    }

    /**
     * A daemon of this library binds only under the lock, and has left its lock file; a socket without a lock file
     * belongs to another program.
     */
    private boolean removeSocket() throws IOException {
        if (!Files.exists(socket.addressLock())) {
            return false;
        }
        LockFile lock = LockFile.tryAcquire(socket.addressLock());
        if (lock == null) {
            return false;
        }
        try {
            UnixSocket.Attempt attempt = UnixSocket.connect(socket);
            SocketChannel answered = attempt.channel();
            if (answered != null) {
                answered.close();
            }
            boolean dead = attempt.outcome() == UnixSocket.Outcome.REFUSED || ListeningSocket.isOrphan(socket, lock);
            return dead && Files.deleteIfExists(socket.path());
        } finally {
            lock.close();
        }
    }

    private boolean removeEntry(Path file) throws IOException {
        Index.Entry entry = Index.read(file);
        // A process of another process-id namespace is not visible; its lock is.
        return entry != null
                && !entry.process().isRunning()
                && LockFile.isFree(socket.addressLock())
                && Files.deleteIfExists(file);
    }
}
