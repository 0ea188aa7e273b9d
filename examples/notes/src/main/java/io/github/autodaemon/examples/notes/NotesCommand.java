package io.github.autodaemon.examples.notes;

import io.github.autodaemon.AutoDaemonException;

/** The command {@code notes}, as a JVM calls it: its daemon does it. */
public final class NotesCommand {
    private static final int FAILED = 1;
    private static final int USED_WRONGLY = 2;

    private NotesCommand() {}

    /** Runs the command. */
    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            // Not when all is well: from JDK 21 on it takes 4 ms, since it may be logged.
            System.exit(code);
        }
    }

    private static int run(String... args) {
        try {
            if (args.length > 0 && args[0].equals("--help")) {
                System.out.println(NotesArguments.USAGE);
                return 0;
            }
            NotesArguments arguments = NotesArguments.parse(args);
            if (arguments.command() == NotesArguments.Command.CLOSE) {
                boolean unused = arguments.daemon().end(Notes::close);
                return 0;
            }
            return arguments.daemon().run(args);
        } catch (NotesArguments.UsageException e) {
            System.err.println("notes: " + e.getMessage());
            System.err.println(NotesArguments.USAGE);
            return USED_WRONGLY;
        } catch (AutoDaemonException e) {
            System.err.println("notes: " + e.getMessage());
            return FAILED;
        }
    }
}
