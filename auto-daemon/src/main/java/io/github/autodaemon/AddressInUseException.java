package io.github.autodaemon;

import java.util.OptionalLong;

/** A live daemon already serves at the socket. That daemon was not disturbed. */
public final class AddressInUseException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    private final long pid;

    public AddressInUseException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /** The process id of the other daemon, when it is known. */
    public OptionalLong pid() {
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }
}
