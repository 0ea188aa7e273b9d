package io.github.autodaemon.admin;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.UnreachableException;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.RuntimeDirectory;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.HeadStart;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Version;
import io.github.autodaemon.internal.server.Index;
import io.github.autodaemon.internal.startup.Archive;
import io.github.autodaemon.internal.startup.Front;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The daemons of this user, of all programs and versions of this library, for tools that list or stop them. A look
 * starts no daemon, keeps none alive and is no user of any. Any thread may use this class.
 *
 * <p>The daemons are found through an index, in which each daemon has an entry, and through the default directory. Both
 * are hints: the result is what each socket and process shows when it is asked.
 */
public final class Daemons {
    /** More than a healthy daemon takes to answer. */
    private static final Duration PATIENCE = Duration.ofMillis(600);

    private static final String SUFFIX = ".sock";

    static {
        // A caller that looks for daemons asks them, over sockets.
        HeadStart.begin();
        Archive.giveUpIfRefused();
    }

    private Daemons() {}

    /**
     * Why commands of this user's programs cannot be native (docs/front.md), and start a JVM each; empty when they can be.
     */
    public static Optional<String> noFrontBecause() {
        try {
            return Optional.ofNullable(Front.obstacle());
        } catch (IOException e) {
            return Optional.of(PrivateFiles.reason(e));
        }
    }

    /** As {@link #list(Duration)}, with a patience of 600 ms. */
    public static List<Daemon> list() {
        return list(PATIENCE);
    }

    /**
     * All daemons that can be found, and the files of dead daemons, in the order of their names.
     *
     * @param patience how long each daemon may take to answer; all are asked at the same time. Silent daemons are asked
     *     again as long as others answer, since the system may be busy
     * @throws AutoDaemonException when this thread is interrupted
     */
    public static List<Daemon> list(Duration patience) {
        return list(directories(), patience);
    }

    static List<Daemon> list(List<Path> directories, Duration patience) {
        Map<Path, List<Index.Entry>> places = new LinkedHashMap<>();
        for (Index.Entry entry : Index.entries(directories)) {
            places.computeIfAbsent(entry.socket(), path -> new ArrayList<>()).add(entry);
        }
        for (Path directory : directories) {
            for (Path file : files(directory)) {
                if (tells(file)) {
                    places.computeIfAbsent(socketOf(file), path -> new ArrayList<>());
                }
            }
        }
        ParallelScan survey = new ParallelScan(
                place -> DaemonInspector.at(place, places.getOrDefault(place, List.of()), false, patience));
        List<Daemon> all = survey.of(places.keySet());
        all.removeIf(daemon -> daemon.state() == Daemon.State.NOT_RUNNING);
        all.sort(Comparator.comparing(Daemon::name).thenComparing(Daemon::socket));
        return all;
    }

    /**
     * The daemon at a socket, with its status and fingerprint; or, when none serves there, the daemon that still
     * finishes the work of its connections. There need not be a daemon.
     *
     * @param patience how long the daemon may take to answer
     * @throws UnreachableException when no socket can be at this path
     */
    public static Daemon at(Path socket, Duration patience) {
        return at(directories(), socket, patience);
    }

    static Daemon at(List<Path> directories, Path socket, Duration patience) {
        try {
            Path path = SocketPath.at(socket).path();
            List<Index.Entry> entries = new ArrayList<>(Index.entries(directories));
            entries.removeIf(entry -> !entry.socket().equals(path));
            List<Daemon> found = DaemonInspector.at(path, entries, true, patience);
            for (Daemon daemon : found) {
                if (daemon.state() == Daemon.State.RETIRING && !found.get(0).isRunning()) {
                    return daemon;
                }
            }
            return found.get(0);
        } catch (IOException e) {
            throw new UnreachableException(PrivateFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutoDaemonException("interrupted while looking at " + socket, e);
        }
    }

    /** The socket of the daemon with this name, which a description without a {@code socket(...)} has. */
    public static Path socketOf(String name) {
        try {
            return UnixSocket.named(name).path();
        } catch (IOException e) {
            throw new UnreachableException(PrivateFiles.reason(e), e);
        }
    }

    /** The sockets of all daemons that can be found, and of past daemons in the default directory. Asks no daemon. */
    public static List<Path> known() {
        List<Path> directories = directories();
        TreeSet<Path> known = new TreeSet<>();
        for (Index.Entry entry : Index.entries(directories)) {
            known.add(entry.socket());
        }
        for (Path directory : directories) {
            for (Path file : files(directory)) {
                if (tells(file)) {
                    known.add(socketOf(file));
                }
            }
        }
        return new ArrayList<>(known);
    }

    /** The directory of the sockets of daemons with a name only; the directory need not exist yet. */
    public static Path directory() {
        try {
            return RuntimeDirectory.path();
        } catch (IOException e) {
            throw new UnreachableException(PrivateFiles.reason(e), e);
        }
    }

    /** The version of this library. */
    public static String version() {
        return Version.CURRENT;
    }

    private static List<Path> directories() {
        try {
            return RuntimeDirectory.all();
        } catch (IOException e) {
            throw new UnreachableException(PrivateFiles.reason(e), e);
        }
    }

    private static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw new UnreachableException("the directory " + directory + " cannot be read: " + e.getMessage(), e);
        }
        return files;
    }

    /** True for a socket, a spawn lock or a history: a file that shows that a daemon is or was there. */
    private static boolean tells(Path file) {
        String name = file.toString();
        return name.endsWith(SUFFIX) || name.endsWith(SUFFIX + ".spawn") || name.endsWith(SUFFIX + ".history");
    }

    private static Path socketOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, name.lastIndexOf(SUFFIX) + SUFFIX.length()));
    }
}
