package io.github.autodaemon.examples.counter;

import io.github.autodaemon.Client;
import io.github.autodaemon.Service;

/** Runs in the daemon; {@code sum} lives as long as it does. */
public final class CounterService implements Service<Counter> {
    private long sum;

    @Override
    public Counter connected(Client client) {
        return new Counter() {
            @Override
            public long add(long n) {
                sum += n;
                System.out.println("add " + n + " gives " + sum);
                return sum;
            }

            @Override
            public long get() {
                return sum;
            }

            @Override
            public void close() {
                client.server().close();
                client.close();
            }
        };
    }
}
