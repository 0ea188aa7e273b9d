package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The starts and ends of the daemons at one path, a JSON object a line, the oldest first. Written by the daemon that
 * holds the address lock. For people and for damping; no decision depends on it that matters if the history is lost.
 */
public final class History {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int DEPTH = 10;
    private static final String STARTED = "started";
    private static final String LEFT = "left";
    private static final String FINGERPRINT = "fingerprint";

    private final SocketPath path;
    private final Consumer<String> log;

    History(SocketPath path, Consumer<String> log) {
        this.path = path;
        this.log = log;
    }

    /** Records that the daemon begins to serve, with its hello. */
    void started(Map<String, @Nullable Object> hello, String why, String by) {
        Map<String, @Nullable Object> entry = entry(STARTED);
        entry.put("why", why);
        entry.put("by", by);
        entry.put("version", hello.get("version"));
        try {
            PrivateFiles.replace(path.info(), Json.text(hello));
            append(entry);
        } catch (IOException e) {
            // A full disk is no reason not to serve.
            log.accept("the start could not be written down: " + PrivateFiles.reason(e));
        }
    }

    /** Records that the daemon leaves; {@code digest} is its fingerprint's digest, if it has one. */
    void left(Reason reason, @Nullable String digest) {
        Map<String, @Nullable Object> entry = entry(LEFT);
        if (digest != null) {
            entry.put(FINGERPRINT, digest);
        }
        entry.put("kind", reason.kind().name());
        entry.put("why", reason.text());
        try {
            append(entry);
        } catch (IOException e) {
            log.accept("the end could not be written down: " + PrivateFiles.reason(e));
        }
    }

    /**
     * Records that a daemon was killed, which the daemon could not record itself. Under its address lock, which is free
     * now unless a successor already holds it; then the history belongs to the successor.
     */
    public static void killed(SocketPath path, ProcessIdentity daemon, String why) {
        Map<String, @Nullable Object> entry = entry(LEFT);
        entry.put("pid", daemon.pid());
        entry.put("kind", "KILLED");
        entry.put("why", why);
        try (LockFile lock = LockFile.tryAcquire(path.addressLock())) {
            if (lock != null) {
                new History(path, line -> {}).append(entry);
            }
        } catch (IOException e) {
            // The history is for people, and the killing caller is told that the daemon is gone.
            assert !why.isEmpty();
        }
    }

    /** The daemons that were replaced at this path, as far back as the history goes. */
    List<Replacements.Earlier> replaced() {
        List<Replacements.Earlier> replaced = new ArrayList<>();
        try {
            // A history of hundreds of starts takes longer to parse than a daemon to start.
            for (Map<?, ?> entry : entries(Reason.Kind.REPLACED.name())) {
                if (Reason.Kind.REPLACED.name().equals(entry.get("kind"))
                        && entry.get("at") instanceof Long at
                        && entry.get(FINGERPRINT) instanceof String digest) {
                    replaced.add(new Replacements.Earlier(at, digest));
                }
            }
        } catch (IOException e) {
            log.accept("the history cannot be read: " + PrivateFiles.reason(e));
        }
        return replaced;
    }

    private static Map<String, @Nullable Object> entry(String event) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("at", System.currentTimeMillis());
        entry.put("event", event);
        entry.put("pid", ProcessIdentity.ownPid());
        return entry;
    }

    /** The starts and ends at a path, the oldest first. */
    public static List<Map<?, ?>> of(SocketPath path) throws IOException {
        return new History(path, line -> {}).entries("");
    }

    /** The entries whose lines contain {@code part}. */
    private List<Map<?, ?>> entries(String part) throws IOException {
        List<Map<?, ?>> entries = new ArrayList<>();
        for (String line : text().split("\n", -1)) {
            try {
                if (!line.isEmpty() && line.contains(part) && Json.parse(line, DEPTH) instanceof Map<?, ?> entry) {
                    entries.add(entry);
                }
            } catch (IOException e) {
                // Half a line, from a full disk or a crash; the others stand.
                assert !line.isEmpty();
            }
        }
        return entries;
    }

    private void append(Map<String, @Nullable Object> entry) throws IOException {
        String old = text();
        StringBuilder text = new StringBuilder(old);
        if (!old.isEmpty() && !old.endsWith("\n")) {
            text.append('\n');
        }
        text.append(Json.text(entry)).append('\n');
        int cut = text.length() <= MAX_BYTES ? 0 : text.indexOf("\n", text.length() - MAX_BYTES / 2) + 1;
        PrivateFiles.replace(path.history(), text.substring(cut));
    }

    private String text() throws IOException {
        String text = PrivateFiles.readIfOwn(path.history(), 2 * MAX_BYTES);
        return text == null ? "" : text;
    }
}
