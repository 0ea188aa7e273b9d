package io.github.autodaemon;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.spi.ToolProvider;

/**
 * One command, as a {@link Program} sees it. Any thread may use this object while {@link Program#run} runs; afterwards
 * its streams are closed.
 */
public interface Invocation {
    /** The arguments, without the program's name. */
    List<String> args();

    /** The extra arguments of the description, as {@link Client#args()}. */
    List<String> daemonArgs();

    /** The name of the command, for messages; the last element of the path that it was called by. */
    String name();

    /** The caller's working directory, an absolute path. The daemon's own is another. */
    Path directory();

    /** A path of the caller's: a relative path begins in {@link #directory()}. */
    default Path resolve(String path) {
        return directory().resolve(path).normalize();
    }

    /** The caller's environment. */
    Map<String, String> environment();

    /**
     * The caller's standard input. It is read only when the program reads, so that what the program does not read is
     * left to the caller's next command.
     */
    InputStream in();

    /**
     * The caller's standard output, in the caller's charset; flushed with each line and at the end. After the caller has
     * closed it writing fails, which {@link PrintStream#checkError()} tells.
     */
    PrintStream out();

    /** The caller's standard error, as {@link #out()}. */
    PrintStream err();

    /** The caller's terminal. */
    Terminal terminal();

    /**
     * Runs {@code action} on a thread of its own each time the caller gets a signal: {@code "INT"}, {@code "TERM"},
     * {@code "HUP"}, {@code "QUIT"}, or {@code "WINCH"} for a new size of the terminal. Without an action the first four
     * cancel the command, and the caller's process ends by the signal.
     *
     * @throws IllegalArgumentException when the signal is none of these
     */
    void onSignal(String signal, Runnable action);

    /** True if a signal has cancelled the command, or the caller is gone. The thread of the command was interrupted. */
    boolean isCancelled();

    /** Runs tasks in the service's turn, where its methods run. */
    Executor turn();

    /** The server that this command runs in. */
    Server server();

    /**
     * Runs a tool of the JDK or of a library, such as {@code javac}, with this command's arguments and outputs. Such a
     * tool reads no standard input, and knows the daemon's working directory and environment only.
     *
     * @return the tool's exit code
     */
    default int run(ToolProvider tool) {
        return tool.run(out(), err(), args().toArray(new String[0]));
    }

    /** A caller's terminal, or what stands in its place. Any thread may use this object. */
    interface Terminal {
        /** True if standard input is a terminal. */
        boolean isInput();

        /** True if standard output is a terminal. */
        boolean isOutput();

        /** True if standard error is a terminal. */
        boolean isError();

        /** The width in characters, as it is now; 0 when it is not known. */
        int columns();

        /** The height in lines, as it is now; 0 when it is not known. */
        int rows();

        /** The kind of terminal, the caller's {@code TERM}; empty when it is not known. */
        String type();

        /**
         * Whether each key is read at once, unedited, and no key sends a signal. Has no effect where standard input is
         * no terminal. Undone when the command ends, however it ends.
         */
        void raw(boolean on);

        /** Whether the terminal shows what is typed; as {@link #raw}. */
        void echo(boolean on);
    }
}
