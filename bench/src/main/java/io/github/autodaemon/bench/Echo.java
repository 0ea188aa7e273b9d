package io.github.autodaemon.bench;

import io.github.autodaemon.Client;
import io.github.autodaemon.Service;

/** The least that a service can do. */
public interface Echo {
    /** Gives {@code n} back. */
    long echo(long n);

    /** Ends the daemon. */
    void close();

    /** Runs in the daemon. */
    final class EchoService implements Service<Echo> {
        @Override
        public Echo connected(Client client) {
            return new Echo() {
                @Override
                public long echo(long n) {
                    return n;
                }

                @Override
                public void close() {
                    client.server().close();
                    client.close();
                }
            };
        }
    }
}
