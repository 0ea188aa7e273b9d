package io.github.autodaemon.chaos.sweep;

import io.github.autodaemon.Client;
import io.github.autodaemon.Service;

/** Counts its calls, so that one that is lost, or runs twice, shows. */
interface Count {
    /** The process id of the daemon and the number of the call in it. */
    long[] next();

    /** The service. */
    final class Counting implements Service<Count> {
        private long calls;

        Counting() {}

        @Override
        public Count connected(Client client) {
            return () -> new long[] {ProcessHandle.current().pid(), ++calls};
        }
    }
}
