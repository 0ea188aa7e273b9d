package io.github.autodaemon.internal.server;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The context in which a server runs.
 *
 * @param starter process id of the client that started the server; 0 for a server in the foreground of a program
 * @param why the server was started, in words
 * @param by the starter, in words
 * @param beside whether the daemon is one of several
 * @param digest of the fingerprint; null when no client compares it
 * @param fingerprint the details behind the digest, for a client that sees a difference
 * @param log takes one line about something worth knowing
 * @param leaving told when the server begins to leave in a way that must end within a bound
 * @param housekeeping run about once a second, told whether the server still serves
 */
public record LaunchContext(
        long starter,
        String why,
        String by,
        boolean beside,
        @Nullable String digest,
        Map<String, @Nullable Object> fingerprint,
        Consumer<String> log,
        Consumer<Reason> leaving,
        Consumer<Boolean> housekeeping) {
    /** A server in the foreground of a program, which handles its own end. */
    public static LaunchContext foreground(Consumer<String> log) {
        return new LaunchContext(
                0,
                "in the foreground",
                "pid " + ProcessHandle.current().pid(),
                false,
                null,
                Map.of(),
                log,
                reason -> {},
                serves -> {});
    }

    /** True if a client started the server. */
    boolean isSpawned() {
        return starter != 0;
    }
}
