package io.github.autodaemon.examples.counter;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What the command line asks for; {@code number} is what {@code add} adds. */
record CounterArguments(Optional<Path> socket, boolean autoClose, boolean debug, String command, long number) {
    static final String USAGE = "usage: counter [--socket PATH] [--autoclose] [--debug] add N | get | close";

    /** The command line makes no sense. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static CounterArguments parse(String... args) throws UsageException {
        Optional<Path> socket = Optional.empty();
        boolean autoClose = false;
        boolean debug = false;
        int i = 0;
        while (i < args.length && args[i].startsWith("--")) {
            switch (args[i]) {
                case "--help" -> {
                    return new CounterArguments(socket, false, false, "--help", 0);
                }
                case "--socket" -> {
                    i++;
                    if (i == args.length) {
                        throw new UsageException("--socket needs a path");
                    }
                    socket = Optional.of(path(args[i]));
                }
                case "--autoclose" -> autoClose = true;
                case "--debug" -> debug = true;
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
        return new CounterArguments(socket, autoClose, debug, command, number);
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

    /** The daemon that the options choose. */
    AutoDaemon<Counter> daemon() {
        AutoDaemonBuilder<Counter> daemon = AutoDaemon.of(Counter.class, CounterService.class)
                .name("counter")
                .autoClose(autoClose)
                .debug(debug);
        socket.ifPresent(daemon::socket);
        return daemon.build();
    }
}
