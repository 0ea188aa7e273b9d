package io.github.autodaemon.replay;

import io.github.autodaemon.internal.net.Monitor;
import java.util.function.BooleanSupplier;

/** A monitor for one thread: who would wait is told so, and comes back when more has arrived. */
final class TurnMonitor extends Monitor {
    /** Nothing more can happen before the next bytes are fed. */
    static final class WouldWait extends RuntimeException {
        private static final long serialVersionUID = 1;

        WouldWait() {
            super("would wait", null, false, false);
        }
    }

    @Override
    protected void pause(BooleanSupplier done, long nanos) {
        throw new WouldWait();
    }
}
