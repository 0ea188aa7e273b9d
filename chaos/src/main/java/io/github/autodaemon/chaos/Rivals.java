package io.github.autodaemon.chaos;

import io.github.autodaemon.chaos.Listeners.Listener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * No two daemons listen for longer than it takes the older to notice that the path does not name it. A daemon that
 * retires deletes its path and closes its socket in two steps, so a successor may listen in between; one whose path was
 * taken from it looks once a second. While one of a pair is stopped, its clock is too.
 */
final class Rivals {
    private static final long BOUND = TimeUnit.SECONDS.toNanos(8);

    private final Map<Set<Listener>, Long> since = new HashMap<>();

    void look(List<Listener> listeners, Set<Long> stopped, long now) {
        Set<Set<Listener>> pairs = new HashSet<>();
        for (Listener one : listeners) {
            for (Listener other : listeners) {
                boolean running = !stopped.contains(one.pid()) && !stopped.contains(other.pid());
                if (running && one.inode() < other.inode()) {
                    pairs.add(Set.of(one, other));
                }
            }
        }
        since.keySet().retainAll(pairs);
        for (Set<Listener> pair : pairs) {
            since.putIfAbsent(pair, now);
            if (now - since.getOrDefault(pair, now) > BOUND) {
                throw new Violation("two daemons listen, for " + TimeUnit.NANOSECONDS.toMillis(BOUND) + " ms: " + pair);
            }
        }
    }
}
