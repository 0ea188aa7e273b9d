package io.github.autodaemon.internal.server;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The connections of a server, by the token in the hello of each. Any thread may use this object. */
final class Sessions {
    private final Map<String, ServedClient> byToken = new ConcurrentHashMap<>();

    void add(ServedClient session) {
        byToken.put(session.token(), session);
    }

    void remove(ServedClient session) {
        byToken.remove(session.token());
    }

    @Nullable
    ServedClient find(@Nullable Object token) {
        return token instanceof String text ? byToken.get(text) : null;
    }

    Collection<ServedClient> all() {
        return byToken.values();
    }

    int clients() {
        int clients = 0;
        for (ServedClient session : byToken.values()) {
            clients += session.isClient() ? 1 : 0;
        }
        return clients;
    }

    int calls() {
        int calls = 0;
        for (ServedClient session : byToken.values()) {
            calls += session.calls();
        }
        return calls;
    }

    /**
     * Tells whether a client with {@code own} streams may open one more; each stream takes a thread. All clients
     * together may have {@code 2 * most} streams, and no client more than it leaves to the others.
     */
    boolean admitsStream(int own, int most) {
        int all = 0;
        for (ServedClient session : byToken.values()) {
            all += session.streams();
        }
        return own < 2L * most - all;
    }

    void describe(Map<String, @Nullable Object> status) {
        int waiting = 0;
        int calls = 0;
        int streams = 0;
        int clients = 0;
        for (ServedClient session : byToken.values()) {
            // In this order: a call that moves from one count to the next meanwhile is in two of them rather than in
            // none.
            waiting += session.waiting();
            calls += session.calls();
            streams += session.streams();
            clients += session.isClient() ? 1 : 0;
        }
        status.put("clients", clients);
        status.put("waiting", waiting);
        status.put("calls", calls);
        status.put("streams", streams);
    }
}
