package io.github.autodaemon.admin;

import java.time.Instant;
import java.util.Map;

/**
 * A start or an end in the history of the daemons at one socket. Immutable.
 *
 * @param at the time of the event, by the wall clock
 * @param started true for a start, false for an end
 * @param pid of the daemon
 * @param why the reason in words; for a replaced daemon, with the difference, {@code field: a -> b}
 * @param by the starter, in words; empty for an end
 * @param version of the library; empty for an end
 */
public record DaemonEvent(Instant at, boolean started, long pid, String why, String by, String version) {
    static DaemonEvent of(Map<?, ?> map) {
        return new DaemonEvent(
                Instant.ofEpochMilli(map.get("at") instanceof Long at ? at : 0),
                "started".equals(map.get("event")),
                map.get("pid") instanceof Long pid ? pid : 0,
                text(map, "why"),
                text(map, "by"),
                text(map, "version"));
    }

    private static String text(Map<?, ?> map, String field) {
        return map.get(field) instanceof String text ? text : "";
    }
}
