package io.github.autodaemon.internal.server;

import java.util.function.LongSupplier;

/** The system's clocks. No lambdas, as in all code before a daemon's first answer. */
enum Clock implements LongSupplier {
    /** Nanoseconds, monotonic. */
    MONOTONIC {
        @Override
        public long getAsLong() {
            return System.nanoTime();
        }
    },

    /** Milliseconds since 1970. */
    WALL {
        @Override
        public long getAsLong() {
            return System.currentTimeMillis();
        }
    }
}
