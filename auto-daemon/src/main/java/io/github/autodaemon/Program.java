package io.github.autodaemon;

import java.util.Optional;

/**
 * A command-line program that runs in the daemon: one object of the class lives as long as the daemon and holds the
 * state, and {@link #run} is called once for each command. The class has a constructor without parameters. A class may
 * be a {@link Service} as well. A program that is {@link AutoCloseable} and no service is closed when the daemon leaves.
 *
 * <p>The process that a shell starts, the front or a JVM, passes on the standard streams, the signals and the exit code.
 *
 * @see AutoDaemon#program
 * @see AutoDaemon#run
 */
@FunctionalInterface
public interface Program {
    /**
     * Runs one command. Commands run at the same time, each on a thread of its own, unless {@link #isSerial()}. The
     * thread is interrupted when the command is cancelled.
     *
     * @param in the command
     * @return the exit code; its lowest eight bits count
     * @throws Exception which is a line on standard error and exit code 1; the stack is in the daemon's log
     */
    int run(Invocation in) throws Exception;

    /**
     * True if commands run in the service's turn, as its methods do: one at a time, unless the description is
     * {@link AutoDaemonBuilder#concurrent concurrent}. False by default. Asked for each command.
     */
    default boolean isSerial() {
        return false;
    }

    /**
     * Why this daemon should not run a command, such as a directory or a variable of the caller's that the program has
     * kept from an earlier one; empty, the default, when it should. Asked before anything of the command has run, in the
     * daemon only, by any thread: the caller then runs the command by itself. The streams must not be used here, and
     * the terminal not be changed.
     */
    default Optional<String> declines(Invocation in) {
        return Optional.empty();
    }
}
