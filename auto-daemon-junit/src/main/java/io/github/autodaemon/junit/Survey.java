package io.github.autodaemon.junit;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import io.github.autodaemon.DaemonStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the daemons at one socket are doing: that which serves, and those that have retired and still have connections. */
final class Survey {
    private final Map<Daemon, DaemonStatus> daemons = new HashMap<>();
    private final Map<Daemon, Integer> own = new HashMap<>();

    private Survey() {}

    private record Daemon(long pid, Instant since) {}

    /** Asks each of them. */
    static <T> Survey of(List<Connection<T>> connections, AutoDaemon<T> serving, Duration patience) {
        Survey survey = new Survey();
        for (Connection<T> connection : connections) {
            // Over itself: asked otherwise, the daemon may not have read yet what was sent here.
            connection.status(patience).ifPresent(status -> survey.own.merge(survey.daemon(status), 1, Integer::sum));
        }
        serving.status().ifPresent(survey::daemon);
        return survey;
    }

    private Daemon daemon(DaemonStatus status) {
        Daemon daemon = new Daemon(status.pid(), status.since());
        daemons.put(daemon, status);
        return daemon;
    }

    Usage usage() {
        Usage usage = Usage.NONE;
        for (Map.Entry<Daemon, DaemonStatus> entry : daemons.entrySet()) {
            usage = usage.plus(Usage.of(entry.getValue(), own.getOrDefault(entry.getKey(), 0)));
        }
        return usage;
    }
}
