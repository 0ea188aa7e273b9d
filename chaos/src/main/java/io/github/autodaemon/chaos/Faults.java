package io.github.autodaemon.chaos;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What was done to a chapter, and when, so that a client's failure is either explained by it or a violation. */
final class Faults {
    /** The kinds of faults. */
    enum Kind {
        DAEMON_KILLED,
        DAEMON_TERMINATED,
        DAEMON_STOPPED,
        CLIENT_STOPPED,
        /** The socket, a lock, the directory: what the daemon is found by. */
        FILES,
        FULL
    }

    /** Lasts until it is ended. */
    static final class Fault {
        private final Kind kind;
        private final long began = System.nanoTime();
        private long ended = Long.MAX_VALUE;

        private Fault(Kind kind) {
            this.kind = kind;
        }

        void end() {
            ended = System.nanoTime();
        }
    }

    /** A killed process takes a while to be gone, a stopped one to go on, and what waits for either to notice. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(4);

    private final List<Fault> all = new ArrayList<>();

    /** To be said before the deed, or there is a gap in which its effect has no cause. */
    Fault began(Kind kind) {
        Fault fault = new Fault(kind);
        all.add(fault);
        return fault;
    }

    /** Something that is done as soon as it has begun. */
    void happened(Kind kind) {
        began(kind).end();
    }

    boolean happenedEver(Kind kind) {
        return all.stream().anyMatch(f -> f.kind == kind);
    }

    /** Whether one of these was at work between two moments. */
    boolean explain(Set<Kind> kinds, long from, long to) {
        for (Fault fault : all) {
            boolean before = fault.ended != Long.MAX_VALUE && from - fault.ended > AFTERMATH;
            if (kinds.contains(fault.kind) && fault.began - to <= 0 && !before) {
                return true;
            }
        }
        return false;
    }

    /** Whether a client may have failed to connect with this exception. */
    boolean explainRefusal(String exception, long from, long to) {
        return switch (exception) {
            case "StartFailedException" -> explain(EnumSet.allOf(Kind.class), from, to);
            case "UnreachableException" -> explain(EnumSet.complementOf(EnumSet.of(Kind.DAEMON_TERMINATED)), from, to);
            default -> false;
        };
    }
}
