package io.github.autodaemon;

import io.github.autodaemon.internal.server.Reason;
import io.github.autodaemon.internal.server.ServerSettings.Origin;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a server runs.
 *
 * @param origin who started it
 * @param identity what its hello says beside the description
 * @param fingerprint the details behind that
 * @param log takes a line
 * @param departing told when it begins to leave in a way that must end within a bound
 * @param upkeep run about once a second
 */
record Surroundings(
        Origin origin,
        Map<String, @Nullable Object> identity,
        Map<String, @Nullable Object> fingerprint,
        Consumer<String> log,
        Consumer<Reason> departing,
        Runnable upkeep) {
    /** In the foreground of a program, which sees to its own end. */
    static Surroundings foreground() {
        return new Surroundings(
                Origin.FOREGROUND,
                Map.of(),
                Map.of(),
                line -> System.err.println("auto-daemon: " + line),
                reason -> {},
                () -> {});
    }
}
