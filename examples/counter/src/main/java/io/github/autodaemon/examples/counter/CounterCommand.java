package io.github.autodaemon.examples.counter;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The command {@code counter}. */
public final class CounterCommand {
    private static final String USAGE = "usage: counter [--socket PATH] [--autoclose] [--debug] add N | get | close";

    private static final int FAILED = 1;
    private static final int USED_WRONGLY = 2;

    private CounterCommand() {}

    /** Runs the command. */
    public static void main(String[] args) {
        int code = run(args, System.out, System.err);
        if (code != 0) {
            // Not when all is well: from JDK 21 on it takes 4 ms, since it may be logged.
            System.exit(code);
        }
    }

    /** Runs the command and returns its exit code. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            out.print(run(args));
            // A PrintStream tells only when it is asked.
            if (out.checkError()) {
                err.println("counter: the answer could not be written to standard output");
                return FAILED;
            }
            return 0;
        } catch (UsageException e) {
            err.println("counter: " + e.getMessage());
            err.println(USAGE);
            return USED_WRONGLY;
        } catch (AutoDaemonException e) {
            err.println("counter: " + e.getMessage());
            return FAILED;
        }
    }

    /** The command line makes no sense. */
    private static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    private static String run(String[] args) throws UsageException {
        if (args.length > 0 && args[0].equals("--help")) {
            return USAGE + "\n";
        }
        AutoDaemonBuilder<Counter> daemon =
                AutoDaemon.of(Counter.class, CounterService.class).name("counter");
        int i = 0;
        while (i < args.length && args[i].startsWith("--")) {
            switch (args[i]) {
                case "--socket" -> {
                    i++;
                    if (i == args.length) {
                        throw new UsageException("--socket needs a path");
                    }
                    daemon.socket(path(args[i]));
                }
                case "--autoclose" -> daemon.autoClose(true);
                case "--debug" -> daemon.debug(true);
                default -> throw new UsageException("there is no option " + args[i]);
            }
            i++;
        }
        if (i == args.length) {
            throw new UsageException("no command was given");
        }
        String command = args[i++];
        boolean adds = command.equals("add");
        if (!adds && !command.equals("get") && !command.equals("close")) {
            throw new UsageException("there is no command \"" + command + "\"");
        }
        if (adds && i == args.length) {
            throw new UsageException("add needs a number");
        }
        long number = adds ? number(args[i++]) : 0;
        if (i < args.length) {
            throw new UsageException("\"" + args[i] + "\" is one argument too many");
        }
        if (command.equals("close")) {
            // One that does not run is not started for it, and one of another version is ended as well.
            daemon.build().end(Counter::close);
            return "";
        }
        try (Connection<Counter> connection = daemon.build().connect()) {
            Counter counter = connection.rpc();
            return (adds ? counter.add(number) : counter.get()) + "\n";
        }
    }

    private static Path path(String text) throws UsageException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            // Such as one with an umlaut in the locale "C".
            throw new UsageException("\"" + text + "\" is no path here: " + e.getReason());
        }
    }

    private static long number(String text) throws UsageException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException("add needs a whole number, not \"" + text + "\"");
        }
    }
}
