package io.github.autodaemon.internal.config;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.json.Values;
import io.github.autodaemon.internal.startup.ArchiveOrder;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon's process is told on its standard input, as a line of JSON. What runs in it is named by class, since
 * nothing else crosses from one process to another.
 *
 * @param nonce stands before its readiness message
 * @param startedBy process id of the client that starts it
 * @param starter that client, in words
 * @param why it is started, in words
 * @param digest of its fingerprint; null when nobody compares it
 * @param fingerprint the details behind the digest; null when there are none
 * @param deadline when nobody waits for it any more, in the terms of {@link System#nanoTime()}: CLOCK_MONOTONIC, which on one
 *     machine all processes share (clock_gettime(2))
 * @param archives what it is to see to; null when there are none
 */
public record StartOrder(
        DaemonConfig config,
        Role role,
        String nonce,
        String socket,
        long startedBy,
        String starter,
        String why,
        @Nullable String digest,
        @Nullable Map<String, @Nullable Object> fingerprint,
        long deadline,
        @Nullable ArchiveOrder archives) {
    private static final int MAX_DEPTH = 20;

    /** What is known of a daemon when it is started. */
    public enum Role {
        /** Nobody serves. */
        FIRST,
        /** Another daemon serves, and goes on. */
        BESIDE,
        /** It makes its service, waits for the daemon that serves to retire, and takes its place. */
        SUCCESSOR,
        /** As the successor, but it makes its service when that daemon is gone. */
        HEIR;

        /** Whether it waits for a daemon that serves to retire. */
        public boolean succeeds() {
            return this == SUCCESSOR || this == HEIR;
        }
    }

    /** The same with archives to see to. */
    public StartOrder with(ArchiveOrder given) {
        return new StartOrder(
                config, role, nonce, socket, startedBy, starter, why, digest, fingerprint, deadline, given);
    }

    /** The line. */
    public String text() {
        return Json.text(this);
    }

    /**
     * Reads it back.
     *
     * @throws IOException when it is none; says why
     */
    public static StartOrder parse(String line) throws IOException {
        try {
            Object order = Values.PLAIN.convert(Json.parse(line, MAX_DEPTH), StartOrder.class);
            if (order instanceof StartOrder read) {
                return read;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("what standard input says is no order to start: " + e.getMessage(), e);
        }
        throw new IOException("standard input says nothing");
    }
}
