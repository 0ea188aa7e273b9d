package io.github.autodaemon.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connects reach one daemon, then its successor, and never the first again: there are no three connects, each begun when
 * the one before was over, that reached A, B and A. Two daemons that both accept at a path that names now the one and now
 * the other would show here, however short each turn. Connects that overlap in time say nothing and are not compared.
 */
final class Reach {
    private record Connect(long began, long ended, long pid) {}

    private final List<Connect> connects = new ArrayList<>();
    private final Map<Long, Long> firstEnd = new HashMap<>();
    private final Map<Long, Long> lastBegin = new HashMap<>();
    private long since = Long.MIN_VALUE;

    /** An old socket was moved back to the path: from now on its daemon is reached again, until it notices. */
    void forget() {
        connects.clear();
        firstEnd.clear();
        lastBegin.clear();
        since = System.nanoTime();
    }

    void connected(long began, long ended, long pid) {
        if (since != Long.MIN_VALUE && began - since < 0) {
            return;
        }
        Connect connect = new Connect(began, ended, pid);
        connects.add(connect);
        firstEnd.merge(pid, ended, Math::min);
        lastBegin.merge(pid, began, Math::max);
        for (Connect other : connects) {
            if (other.pid() != pid) {
                check(other, pid);
                check(connect, other.pid());
            }
        }
    }

    private void check(Connect between, long pid) {
        if (between.began() > firstEnd.getOrDefault(pid, Long.MAX_VALUE)
                && between.ended() < lastBegin.getOrDefault(pid, Long.MIN_VALUE)) {
            throw new Violation("connects reached the daemon " + pid + ", then " + between.pid() + ", then " + pid
                    + " again: both accept");
        }
    }
}
