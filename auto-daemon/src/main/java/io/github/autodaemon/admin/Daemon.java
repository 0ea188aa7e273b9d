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
 * A daemon as it was found at one moment, or what is left of it; see {@link Daemons}. What it says does not change; what it
 * does, such as {@link #stop}, is about who is there then. Any thread may use it.
 */
public final class Daemon {
    /** What was found. */
    public enum State {
        /** A client is starting it. */
        STARTING,
        /** It serves. */
        SERVING,
        /** It has given up its socket and ends the work of its connections. */
        RETIRING,
        /** Somebody listens who does not answer. */
        NOT_RESPONDING,
        /** A daemon of npm's; it says nothing about itself. */
        NPM,
        /** Something is there that is no daemon of this user. */
        OTHER,
        /** It died, and what it left behind can be removed. */
        LEFTOVER,
        /** Nobody is there. */
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

    /** Its name, as far as its socket tells. */
    public String name() {
        String file = String.valueOf(socket.path().getFileName());
        return file.endsWith(SUFFIX) && file.length() > SUFFIX.length()
                ? file.substring(0, file.length() - SUFFIX.length())
                : file;
    }

    /** Where it listens, or did. */
    public Path socket() {
        return socket.path();
    }

    /** What was found. */
    public State state() {
        return state;
    }

    /** More about that, in words; empty when it serves. */
    public String note() {
        return note;
    }

    /** Whether there is a process. */
    public boolean isRunning() {
        return switch (state) {
            case STARTING, SERVING, RETIRING, NOT_RESPONDING, NPM -> true;
            case OTHER, LEFTOVER, NOT_RUNNING -> false;
        };
    }

    /** The id of its process; of one that does not answer, as far as its files and locks tell. */
    public OptionalLong pid() {
        return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    /** What it says about itself, if it answered. */
    public Optional<DaemonStatus> status() {
        return Optional.ofNullable(status);
    }

    /** When it began to serve; of one that did not answer, as it wrote down itself. */
    public Optional<Instant> since() {
        if (status != null) {
            return Optional.of(status.since());
        }
        return entry == null || entry.since() == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(entry.since()));
    }

    /** The version of the library that it runs; empty when it is not known. */
    public String version() {
        return status != null ? status.version() : entry == null ? "" : entry.version();
    }

    /** The name of its service class; empty when it is not known. */
    public String service() {
        return status != null ? status.service() : entry == null ? "" : entry.service();
    }

    /** Bytes of memory that its process has. */
    public OptionalLong memory() {
        return memory < 0 ? OptionalLong.empty() : OptionalLong.of(memory);
    }

    /** What a client compares with what it wants, field by field; empty unless one daemon was asked, and its starter said. */
    public Map<String, List<String>> fingerprint() {
        return fingerprint;
    }

    /** The files that a daemon that died has left behind. */
    public List<Path> leftovers() {
        return leftovers;
    }

    /** Where its log is. */
    public Path log() {
        return socket.log();
    }

    /** Where the log of the run before is. */
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
     * Stops who serves here, and returns when its process is gone, as {@link AutoDaemon#stop}. One that retires already and
     * cannot be asked any more is waited for.
     *
     * @return false when nobody serves
     * @throws UnreachableException when it does not answer, or is still there when the time is over
     */
    public boolean stop(Duration patience) {
        return stop(patience, false);
    }

    /**
     * Stops it, and ends its process when it does not answer or is still there when the time is over, as {@link
     * AutoDaemon#kill}: only a process that is surely this daemon.
     *
     * @return false when nobody serves
     * @throws UnreachableException when there was nothing that may be ended
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
     * Removes what a daemon that died has left behind, as far as it is still proved dead: under its address lock, a socket that
     * nobody listens on, and entries of the index whose process is gone.
     *
     * @return what was removed
     * @throws UnreachableException when something cannot be removed
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

    /** A daemon of ours binds under the lock only, and has left its lock file; what has none is somebody else's. */
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
        // A process of another process-id namespace is not to be seen; its lock is.
        return entry != null
                && !entry.process().isRunning()
                && LockFile.isFree(socket.addressLock())
                && Files.deleteIfExists(file);
    }
}
