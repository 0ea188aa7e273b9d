package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.RuntimeDirectory;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The list of this user's daemons, of all programs and versions: a private directory with a small file for each daemon,
 * named after the daemon's id, so that a draining daemon and its successor both have an entry. An entry is a hint: only
 * the socket and the process prove that a daemon is there.
 */
public final class Index {
    private static final String DIRECTORY = "index";
    private static final String SUFFIX = ".daemon";
    private static final int MAX_BYTES = 64 * 1024;
    private static final int DEPTH = 10;
    private static final int MAX_ENTRIES = 10_000;

    private final Map<String, @Nullable Object> content;
    private final String id;
    private final Consumer<String> log;
    private volatile @Nullable Path file;

    Index(SocketPath socket, Map<String, @Nullable Object> hello, Consumer<String> log) {
        this.content = new LinkedHashMap<>(hello);
        this.content.put("socket", socket.toString());
        this.content.put("since", System.currentTimeMillis());
        this.id = String.valueOf(hello.get("id"));
        this.log = log;
    }

    /**
     * The content of an entry.
     *
     * @param file the entry itself
     * @param id of the daemon
     * @param socket where the daemon listens, or listened
     * @param process of the daemon
     * @param foreground whether the process is not the daemon's alone
     * @param since when the daemon began to serve, in milliseconds since 1970
     * @param version of its library
     * @param service its class
     */
    public record Entry(
            Path file,
            String id,
            Path socket,
            ProcessIdentity process,
            boolean foreground,
            long since,
            String version,
            String service) {}

    /** Writes this daemon's entry. No code depends on the entry, so a failure is only a line in the log. */
    void enter() {
        try {
            Path parent = RuntimeDirectory.path();
            PrivateFiles.createPrivateDirectory(parent);
            Path directory = parent.resolve(DIRECTORY);
            PrivateFiles.createPrivateDirectory(directory);
            Path entry = directory.resolve(id + SUFFIX);
            PrivateFiles.replace(entry, Json.text(content));
            file = entry;
        } catch (IOException e) {
            log.accept("autod ps will not list this daemon: " + PrivateFiles.reason(e));
        }
    }

    /** Writes the entry again if a cleaner of temporary files has deleted it. */
    void keep() {
        Path entry = file;
        if (entry != null && !Files.exists(entry)) {
            enter();
        }
    }

    void remove() {
        Path entry = file;
        file = null;
        try {
            if (entry != null) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            log.accept("the entry " + entry + " could not be deleted: " + PrivateFiles.reason(e));
        }
    }

    /** Deletes the entries of daemons that died and left nothing else behind, or whose socket's path is this daemon's now. */
    void prune() {
        try {
            for (Entry entry : entries(List.of(RuntimeDirectory.path()))) {
                boolean ours = entry.socket().toString().equals(content.get("socket"));
                if (!entry.process().isRunning() && (ours || FileFacts.of(entry.socket()) == null)) {
                    Files.deleteIfExists(entry.file());
                }
            }
        } catch (IOException e) {
            log.accept("entries of dead daemons could not be deleted: " + PrivateFiles.reason(e));
        }
    }

    /** The readable entries of the indexes in these directories. */
    public static List<Entry> entries(List<Path> parents) {
        List<Entry> entries = new ArrayList<>();
        for (Path parent : parents) {
            Path directory = parent.resolve(DIRECTORY);
            if (!PrivateFiles.isPrivateDirectory(directory)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                for (Path file : files) {
                    Entry entry = read(file);
                    if (entry != null && entries.size() < MAX_ENTRIES) {
                        entries.add(entry);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // A hint that cannot be read is as good as none; the other directories stand.
                assert PrivateFiles.isPrivateDirectory(parent);
            }
        }
        return entries;
    }

    /** The content of one entry; null when it cannot be parsed, or when the entry is gone. */
    public static @Nullable Entry read(Path file) {
        try {
            String text = PrivateFiles.readIfOwn(file, MAX_BYTES);
            if (text != null
                    && Json.parse(text, DEPTH) instanceof Map<?, ?> map
                    && map.get("socket") instanceof String socket
                    && map.get("pid") instanceof Long pid
                    && map.get("started") instanceof Long started) {
                Path path = PrivateFiles.parse(socket);
                return !path.isAbsolute()
                        ? null
                        : new Entry(
                                file,
                                String.valueOf(map.get("id")),
                                path,
                                new ProcessIdentity(pid, started),
                                Boolean.TRUE.equals(map.get("foreground")),
                                map.get("since") instanceof Long since ? since : 0,
                                String.valueOf(map.get("version")),
                                String.valueOf(map.get("service")));
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }
}
