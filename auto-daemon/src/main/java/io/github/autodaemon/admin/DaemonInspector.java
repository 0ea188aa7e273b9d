package io.github.autodaemon.admin;

import io.github.autodaemon.admin.Daemon.State;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.Probe;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.server.Index;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inspects one socket path: the serving daemon, the draining daemons, and the files of dead daemons. */
final class DaemonInspector {
    private static final String ELSEWHERE = "it is in another process-id namespace, as a container has one";

    private DaemonInspector() {}

    /**
     * The daemons of the path; at least one, the first is about the socket itself.
     *
     * @param entries of the index, about this path
     */
    static List<Daemon> at(Path path, List<Index.Entry> entries, boolean details, Duration patience)
            throws InterruptedException {
        SocketPath socket;
        Probe probe;
        try {
            socket = SocketPath.at(path);
            probe = Probe.of(socket, details, patience.toNanos());
        } catch (IOException e) {
            // The socket's directory is gone, say.
            socket = new SocketPath(path, false);
            probe = new Probe(Probe.Outcome.ABSENT, PrivateFiles.reason(e), Map.of(), Map.of());
        }
        List<Daemon> found = new ArrayList<>();
        List<Index.Entry> dead = new ArrayList<>();
        for (Index.Entry entry : entries) {
            if (!entry.process().isRunning() && !isServing(entry, probe)) {
                dead.add(entry);
            } else if (drains(entry, probe)) {
                found.add(new Daemon(
                        socket,
                        State.RETIRING,
                        "it has given up its socket and ends the work of its connections",
                        entry.process(),
                        entry,
                        null,
                        Map.of(),
                        List.of()));
            }
        }
        found.add(0, main(socket, probe, entries, dead, !found.isEmpty()));
        return found;
    }

    /**
     * True for the daemon that answered; a daemon of another process-id namespace answers though its process is not
     * visible.
     */
    private static boolean isServing(Index.Entry entry, Probe probe) {
        return entry.id().equals(probe.status().get("id"));
    }

    /** True if the entry's daemon is not the daemon at the socket, if there is one. */
    private static boolean drains(Index.Entry entry, Probe probe) {
        return switch (probe.outcome()) {
            case DAEMON -> !isServing(entry, probe);
            case ABSENT, STALE -> true;
            default -> false;
        };
    }

    private static Daemon main(
            SocketPath socket, Probe probe, List<Index.Entry> entries, List<Index.Entry> dead, boolean drains) {
        List<Path> leftovers = new ArrayList<>();
        dead.forEach(entry -> leftovers.add(entry.file()));
        Index.Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
        Index.Entry known = null;
        ProcessIdentity process = null;
        State state;
        String note = probe.message();
        switch (probe.outcome()) {
            case DAEMON -> {
                state = "serving".equals(probe.status().get("state")) ? State.SERVING : State.RETIRING;
                process = new ProcessIdentity(number(probe.status(), "pid"), number(probe.status(), "started"));
                note = process.isRunning() ? note : ELSEWHERE;
            }
            case NPM -> state = State.NPM;
            case OTHER -> state = State.OTHER;
            case SILENT -> {
                state = State.NOT_RESPONDING;
                process = silent(socket);
                known = of(process, entries);
            }
            default -> {
                long starter = LockFile.holder(socket.spawnLock());
                long holder = LockFile.holder(socket.addressLock());
                boolean owned = (!dead.isEmpty() || probe.outcome() == Probe.Outcome.STALE) && isOwned(socket);
                if (starter != 0) {
                    state = State.STARTING;
                    note = "pid " + starter + " starts it";
                } else if (owned && holder != 0) {
                    state = State.STARTING;
                    note = "pid " + holder + " holds its lock, and does not listen yet";
                } else if (owned && !dead.isEmpty() && !drains && last != null) {
                    state = State.RETIRING;
                    note = ELSEWHERE + ", and does not listen any more";
                    process = last.process();
                    known = last;
                    leftovers.clear();
                } else if (probe.outcome() == Probe.Outcome.STALE && !owned) {
                    state = State.LEFTOVER;
                    leftovers.add(0, socket.path());
                    note = "its daemon died and left its socket";
                    known = last;
                } else if (!dead.isEmpty() && !drains) {
                    state = State.LEFTOVER;
                    note = "its daemon died";
                    known = last;
                } else {
                    state = State.NOT_RUNNING;
                    note = "nobody serves";
                }
            }
        }
        return new Daemon(
                socket,
                state,
                note,
                process,
                known,
                probe.status().isEmpty() ? null : probe.status(),
                probe.fingerprint(),
                leftovers);
    }

    private static boolean isOwned(SocketPath socket) {
        try {
            return !LockFile.isFree(socket.addressLock());
        } catch (IOException e) {
            // A caller that removes files gets the failure.
            return false;
        }
    }

    /** The entry that a process has written. */
    private static Index.@Nullable Entry of(@Nullable ProcessIdentity process, List<Index.Entry> entries) {
        for (Index.Entry entry : entries) {
            if (entry.process().equals(process)) {
                return entry;
            }
        }
        return null;
    }

    /**
     * The process of a silent daemon, as far as it can be known: the running process that last wrote the info file, or
     * else the holder of the address lock.
     */
    private static @Nullable ProcessIdentity silent(SocketPath socket) {
        try {
            Hello info = Hello.written(PrivateFiles.readIfOwn(socket.info(), Hello.MAX_INFO));
            ProcessIdentity process = info == null ? null : new ProcessIdentity(info.pid(), info.started());
            if (process != null && process.isRunning()) {
                return process;
            }
            long holder = LockFile.holder(socket.addressLock());
            return holder == 0 ? null : new ProcessIdentity(holder, 0);
        } catch (IOException e) {
            return null;
        }
    }

    private static long number(Map<?, ?> map, String field) {
        return map.get(field) instanceof Long number ? number : 0;
    }
}
