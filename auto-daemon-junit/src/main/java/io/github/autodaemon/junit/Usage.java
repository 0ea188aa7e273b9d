package io.github.autodaemon.junit;

import io.github.autodaemon.DaemonStatus;

/**
 * What a service is used for.
 *
 * @param references beyond those of connections
 * @param connections beyond those of the extension
 */
record Usage(int streams, int calls, int references, int connections) {
    static final Usage NONE = new Usage(0, 0, 0, 0);

    static Usage of(DaemonStatus status, int own) {
        return new Usage(
                status.streams(),
                status.waiting() + status.calls(),
                Math.max(0, status.references() - status.clients()),
                Math.max(0, status.clients() - own));
    }

    /** What ends when the connection does. */
    Usage work() {
        return new Usage(streams, calls, 0, 0);
    }

    Usage beyond(Usage other) {
        return new Usage(
                Math.max(0, streams - other.streams),
                Math.max(0, calls - other.calls),
                Math.max(0, references - other.references),
                Math.max(0, connections - other.connections));
    }

    Usage plus(Usage other) {
        return new Usage(
                streams + other.streams,
                calls + other.calls,
                references + other.references,
                connections + other.connections);
    }

    boolean isNone() {
        return equals(NONE);
    }
}
