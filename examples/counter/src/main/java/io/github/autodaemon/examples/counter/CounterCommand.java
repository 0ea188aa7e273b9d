package io.github.autodaemon.examples.counter;

import io.github.autodaemon.AutoDaemonException;

/** The command {@code counter}, as a JVM calls it: its daemon does it. */
public final class CounterCommand {
    private static final int FAILED = 1;
    private static final int USED_WRONGLY = 2;

    private CounterCommand() {}

    /** Runs the command. */
    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            // Not when all is well: from JDK 21 on it takes 4 ms, since it may be logged.
            System.exit(code);
        }
    }

    /** Runs the command and returns its exit code. */
    static int run(String... args) {
        try {
            CounterArguments arguments = CounterArguments.parse(args);
            switch (arguments.command()) {
                case "--help" -> System.out.println(CounterArguments.USAGE);
                case "close" -> {
                    // One that does not run is not started for it, and one of another version is ended as well.
                    boolean unused = arguments.daemon().end(Counter::close);
                }
                default -> {
                    return arguments.daemon().run(args);
                }
            }
            return 0;
        } catch (CounterArguments.UsageException e) {
            System.err.println("counter: " + e.getMessage());
            System.err.println(CounterArguments.USAGE);
            return USED_WRONGLY;
        } catch (AutoDaemonException e) {
            System.err.println("counter: " + e.getMessage());
            return FAILED;
        }
    }
}
