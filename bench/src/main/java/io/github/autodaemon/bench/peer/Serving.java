package io.github.autodaemon.bench.peer;

import java.io.IOException;

/** How a server of a measurement lives: it says that it is ready, and leaves when its standard input ends. */
public final class Serving {
    private Serving() {}

    /**
     * Says so and waits; whoever started this process closes its input, or is gone.
     *
     * @param pid the process that serves
     */
    public static void untilInputEnds(long pid) throws IOException {
        System.out.println("ready " + pid);
        System.out.flush();
        while (System.in.read() >= 0) {
            // Nothing is said to a server.
        }
    }

    /** The same for a server in this process, which ends with it. */
    public static void untilInputEnds() throws IOException {
        untilInputEnds(ProcessHandle.current().pid());
        System.exit(0);
    }
}
