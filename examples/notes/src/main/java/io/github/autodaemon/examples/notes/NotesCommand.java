package io.github.autodaemon.examples.notes;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Sequence;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** The command {@code notes}. */
public final class NotesCommand {
    private static final int FAILED = 1;
    private static final int USED_WRONGLY = 2;

    private final PrintStream out;
    private final PrintStream err;

    private NotesCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

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
        return new NotesCommand(out, err).run(args);
    }

    private int run(String[] args) {
        try {
            int code = 0;
            if (args.length > 0 && args[0].equals("--help")) {
                out.println(NotesArguments.USAGE);
            } else {
                code = run(NotesArguments.parse(args));
            }
            // A PrintStream tells only when it is asked.
            if (code == 0 && out.checkError()) {
                err.println("notes: the answer could not be written to standard output");
                return FAILED;
            }
            return code;
        } catch (NotesArguments.UsageException e) {
            err.println("notes: " + e.getMessage());
            err.println(NotesArguments.USAGE);
            return USED_WRONGLY;
        } catch (RemoteException e) {
            boolean query =
                    e.type().filter(QueryException.class.getName()::equals).isPresent();
            return failed(query ? USED_WRONGLY : FAILED, e);
        } catch (AutoDaemonException | IOException e) {
            return failed(FAILED, e);
        }
    }

    private int run(NotesArguments arguments) throws IOException {
        return switch (arguments.command()) {
            case INDEX -> index(arguments);
            case FIND -> find(arguments);
            case FOLLOW -> follow(arguments);
            case CLOSE -> close(arguments);
        };
    }

    private int failed(int code, Exception e) {
        err.println("notes: " + e.getMessage());
        return code;
    }

    private int index(NotesArguments arguments) throws IOException {
        ProgressBar bar = new ProgressBar(err, ProgressBar.isTerminal());
        try (Connection<Notes> connection = arguments.daemon().connect();
                Sequence<Progress> run = connection.rpc().index(arguments.folder())) {
            for (Progress progress : run) {
                bar.show(progress.done(), progress.total());
                if (progress.report().isPresent()) {
                    bar.end();
                    report(progress.report().get());
                }
            }
            return 0;
        }
    }

    private void report(IndexReport done) {
        out.println(done.added() + " indexed, " + done.updated() + " updated, " + done.removed() + " removed, "
                + done.unchanged() + " unchanged, " + done.skipped() + " skipped");
    }

    private int find(NotesArguments arguments) {
        List<Hit> hits;
        try (Connection<Notes> connection = arguments.daemon().connect()) {
            hits = connection.rpc().find(arguments.query());
        } catch (QueryException e) {
            throw new AssertionError("what a service throws arrives as a RemoteException", e);
        }
        for (Hit hit : hits) {
            out.println(hit.path() + ":" + hit.line() + ": " + hit.text());
        }
        if (hits.isEmpty()) {
            err.println("notes: nothing was found for " + arguments.query());
            return FAILED;
        }
        return 0;
    }

    private int follow(NotesArguments arguments) throws IOException {
        try (Connection<Notes> connection = arguments.daemon().connect();
                Sequence<String> changes = connection.rpc().follow()) {
            for (String change : changes) {
                out.println(change);
                if (out.checkError()) {
                    break;
                }
            }
            return 0;
        }
    }

    private static int close(NotesArguments arguments) {
        arguments.daemon().end(Notes::close);
        return 0;
    }
}
