package io.github.autodaemon.internal.command;

import io.github.autodaemon.Server;
import java.util.List;
import java.util.concurrent.Executor;

/** The server, as a command needs it. */
public interface CommandHost {
    /** The extra arguments of the description. */
    List<String> args();

    /** The service's turn. */
    Executor turn();

    /** Runs each task on a thread of its own. Throws when no thread can be made. */
    Executor threads();

    /** The server, as the program sees it. */
    Server server();

    /** Runs {@code action} after so many nanoseconds. The result cancels that. */
    Runnable after(long nanos, Runnable action);

    /** The command failed; for the log. */
    void failed(String what, Throwable thrown);

    /** The command has ended. The monitor is held. */
    void ended();

    /** The command does not end. The monitor is held. */
    void abandoned(String what);
}
