package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The failure of a start, for the clients that were waiting for it. Written and read under the spawn lock. */
final class FailureNote {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int DEPTH = 5;

    private FailureNote() {}

    /**
     * {@code digest} identifies the daemon that was to be started: a client that wants another daemon makes its own
     * attempt.
     */
    static void leave(SocketPath socket, @Nullable String digest, ConnectFailure failure) {
        Map<String, Object> note = new LinkedHashMap<>();
        note.put("fingerprint", String.valueOf(digest));
        note.put("message", String.valueOf(failure.getMessage()));
        note.put("exitCode", failure.exitCode());
        note.put("tail", failure.tail());
        note.put("log", String.valueOf(failure.log()));
        try {
            PrivateFiles.replace(socket.failure(), Json.text(note));
        } catch (IOException e) {
            // On a full disk the other clients make their own attempts; this failure is reported.
            failure.addSuppressed(e);
        }
    }

    /** True if the last start failed and wrote to this log. */
    static boolean isAbout(SocketPath socket, Path log) {
        return log.toString().equals(read(socket).get("log"));
    }

    /** Deletes the note: the daemon serves. A note that cannot be deleted is too old to be believed. */
    static void forget(SocketPath socket, Consumer<String> report) {
        try {
            FileFacts facts = FileFacts.of(socket.failure());
            if (facts != null) {
                PrivateFiles.checkOwn(socket.failure(), facts);
                Files.delete(socket.failure());
            }
        } catch (IOException e) {
            report.accept("the note of an earlier failure stays: " + PrivateFiles.reason(e));
        }
    }

    /**
     * The identity of the current note; null when there is none. Two notes are never equal, whatever the clock says.
     */
    static @Nullable FileFacts which(SocketPath socket) throws IOException {
        return FileFacts.of(socket.failure());
    }

    /** The failure of a start of the same daemon, in a note other than {@code known}; null when there is none. */
    static @Nullable ConnectFailure otherThan(@Nullable FileFacts known, SocketPath socket, @Nullable String digest)
            throws IOException {
        FileFacts facts = which(socket);
        Map<?, ?> note = facts == null || facts.equals(known) ? Map.of() : read(socket);
        if (!String.valueOf(digest).equals(note.get("fingerprint"))) {
            return null;
        }
        return new ConnectFailure(
                String.valueOf(note.get("message")),
                note.get("exitCode") instanceof Long code ? code.intValue() : -1,
                String.valueOf(note.get("tail")),
                note.get("log") instanceof String log ? log : null);
    }

    /** An unreadable note is ignored; a client makes its own attempt. */
    private static Map<?, ?> read(SocketPath socket) {
        try {
            String text = PrivateFiles.readIfOwn(socket.failure(), MAX_BYTES);
            return text != null && Json.parse(text, DEPTH) instanceof Map<?, ?> note ? note : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }
}
