package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.SocketPath;
import java.io.IOException;

/** Another daemon serves at the path. */
public final class TakenException extends IOException {
    private static final long serialVersionUID = 1;

    /** The process id of the other daemon, from its files; 0 when it is not known. */
    private final long pid;

    TakenException(SocketPath path, long pid) {
        super("a daemon already serves " + path + (pid == 0 ? "" : " (pid " + pid + ")"));
        this.pid = pid;
    }

    /** The other daemon's process id, 0 when unknown. */
    public long pid() {
        return pid;
    }
}
