package io.github.autodaemon.junit;

import io.github.autodaemon.DaemonStatus;

/**
 * What a service is used for.
 *
 * @param calls that run, or whose future is pending
 * @param waiting calls that have not begun
 * @param references beyond those of connections
 * @param connections beyond those of the extension
 */
record Usage(int streams, int calls, int waiting, int references, int connections) {
    static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    static Usage of(DaemonStatus status, int own) {
        return new Usage(
                status.streams(),
                status.calls(),
                status.waiting(),
                Math.max(0, status.references() - status.clients()),
                Math.max(0, status.clients() - own));
    }

    /** What ends when the connection does. */
    Usage work() {
        return new Usage(streams, calls, waiting, 0, 0);
    }

    /** What waits is not beyond it while others' calls are in the way, or wait and have begun meanwhile. */
    Usage beyond(Usage other) {
        boolean inTheWay = other.calls + other.waiting > 0;
        return new Usage(
                Math.max(0, streams - other.streams - other.waiting),
                Math.max(0, calls - other.calls - other.waiting),
                inTheWay ? 0 : waiting,
                Math.max(0, references - other.references),
                Math.max(0, connections - other.connections));
    }

    Usage plus(Usage other) {
        return new Usage(
                streams + other.streams,
                calls + other.calls,
                waiting + other.waiting,
                references + other.references,
                connections + other.connections);
    }

    boolean isNone() {
        return equals(NONE);
    }
}
