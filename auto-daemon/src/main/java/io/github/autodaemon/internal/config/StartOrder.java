package io.github.autodaemon.internal.config;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.json.Values;
import io.github.autodaemon.internal.startup.ArchiveOrder;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order to the daemon's process on its standard input, as a line of JSON. The service is named by its class, since
 * no object crosses from one process to another.
 *
 * @param nonce precedes the daemon's readiness message
 * @param startedBy process id of the client that starts the daemon
 * @param starter the starter, in words
 * @param why the daemon is started, in words
 * @param digest of the fingerprint; null when no client compares it
 * @param fingerprint the details behind the digest; null when there are none
 * @param deadline when the starter stops waiting, as a {@link System#nanoTime()} value: CLOCK_MONOTONIC, which on one
 *     machine all processes share (clock_gettime(2))
 * @param archives the archives that the daemon is to make; null when there are none
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

    /** The role of a daemon when it is started. */
    public enum Role {
        /** No daemon serves. */
        FIRST,
        /** Another daemon serves, and goes on. */
        BESIDE,
        /** The daemon makes its service, waits for its predecessor to retire, and takes its place. */
        SUCCESSOR,
        /** As the successor, but the daemon makes its service when its predecessor is gone. */
        HEIR;

        /** True if the daemon waits for a predecessor to retire. */
        public boolean succeeds() {
            return this == SUCCESSOR || this == HEIR;
        }
    }

    /** The same order with archives to make. */
    public StartOrder with(ArchiveOrder given) {
        return new StartOrder(
                config, role, nonce, socket, startedBy, starter, why, digest, fingerprint, deadline, given);
    }

    /** The order as a line of JSON. */
    public String text() {
        return Json.text(this);
    }

    /**
     * Parses an order.
     *
     * @throws IOException when the line is no order; says why
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
