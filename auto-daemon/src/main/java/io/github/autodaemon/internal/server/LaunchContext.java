package io.github.autodaemon.internal.server;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a server runs.
 *
 * @param starter process id of the client that started it; 0 for a server in the foreground of a program
 * @param why it was started, in words
 * @param by whom, in words
 * @param beside whether it is one of several
 * @param digest of its fingerprint; null when nobody compares it
 * @param fingerprint the details behind the digest, for a client that sees a difference
 * @param log takes one line about something worth knowing
 * @param leaving told when it begins to leave in a way that must end within a bound
 * @param housekeeping run about once a second, told whether it still serves
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
    /** In the foreground of a program, which sees to its own end. */
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

    /** Whether clients started it. */
    boolean isSpawned() {
        return starter != 0;
    }
}
