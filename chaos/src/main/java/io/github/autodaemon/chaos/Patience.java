package io.github.autodaemon.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** No connect lasts longer than its deadline, but for the time its process was stopped and what a busy machine takes. */
final class Patience {
    private static final long SLACK = TimeUnit.SECONDS.toNanos(10);

    /** An order that was given to a client. */
    private static final class Given {
        private final Order order;
        private final String client;
        private long connecting;
        private boolean connects;
        private boolean connected;

        Given(Order order, String client) {
            this.order = order;
            this.client = client;
        }
    }

    private record Stop(String client, long from, long to) {}

    private final Map<String, Given> given = new HashMap<>();
    private final List<Stop> stops = new ArrayList<>();
    private final Map<String, Long> stopped = new HashMap<>();

    void given(Order order, String client) {
        given.put(order.id(), new Given(order, client));
    }

    void connecting(String id, long at) {
        Given order = find(id);
        order.connecting = at;
        order.connects = true;
    }

    /** Ends a connect, and says when it began. */
    long ended(String id, long at) {
        Given order = find(id);
        check(order, at);
        order.connected = true;
        return order.connecting;
    }

    Order order(String id) {
        return find(id).order;
    }

    void over(String id) {
        given.remove(id);
    }

    /** Its process was killed; what it had to do is not done any more. */
    void killed(String client) {
        given.values().removeIf(g -> g.client.equals(client));
        stopped.remove(client);
    }

    void stopped(String client) {
        stopped.put(client, System.nanoTime());
    }

    void continued(String client) {
        Long from = stopped.remove(client);
        if (from != null) {
            stops.add(new Stop(client, from, System.nanoTime()));
        }
    }

    /** How many orders are not over. */
    int outstanding() {
        return given.size();
    }

    String summary() {
        List<String> orders = new ArrayList<>();
        given.values()
                .forEach(g -> orders.add(
                        g.client + ": " + g.order.summary() + (g.connected ? " connected" : " not connected")));
        return String.join("; ", orders);
    }

    void look(long now) {
        for (Given order : given.values()) {
            if (order.connects && !order.connected) {
                check(order, now);
            }
        }
    }

    private void check(Given order, long now) {
        long allowed = TimeUnit.MILLISECONDS.toNanos(order.order.timeoutMillis()) + SLACK;
        for (Stop stop : stops) {
            if (stop.client().equals(order.client) && stop.to() - order.connecting > 0) {
                allowed += stop.to() - stop.from() + SLACK;
            }
        }
        boolean waits = !stopped.containsKey(order.client);
        if (waits && now - order.connecting > allowed) {
            throw new Violation("the client " + order.client + " waits past its deadline: " + order.order.summary()
                    + ", for " + TimeUnit.NANOSECONDS.toMillis(now - order.connecting) + " ms");
        }
    }

    private Given find(String id) {
        Given order = given.get(id);
        if (order == null) {
            throw new Violation("a client does what it was not told: " + id);
        }
        return order;
    }
}
