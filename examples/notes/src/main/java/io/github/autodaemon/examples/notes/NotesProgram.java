package io.github.autodaemon.examples.notes;

import io.github.autodaemon.Invocation;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One command, in the daemon. */
final class NotesProgram {
    private static final int FAILED = 1;
    private static final int USED_WRONGLY = 2;

    private final NotesService service;
    private final Invocation in;
    private final PrintStream out;
    private final PrintStream err;

    NotesProgram(NotesService service, Invocation in) {
        this.service = service;
        this.in = in;
        this.out = in.out();
        this.err = in.err();
    }

    int run() {
        try {
            NotesArguments arguments =
                    NotesArguments.parse(in.directory(), in.args().toArray(String[]::new));
            return switch (arguments.command()) {
                case INDEX -> index(arguments);
                case FIND -> find(arguments);
                case FOLLOW -> follow();
                case CLOSE -> close();
            };
        } catch (NotesArguments.UsageException e) {
            err.println("notes: " + e.getMessage());
            err.println(NotesArguments.USAGE);
            return USED_WRONGLY;
        } catch (QueryException e) {
            return failed(USED_WRONGLY, e);
        } catch (IOException | RuntimeException e) {
            return failed(FAILED, e);
        } catch (InterruptedException e) {
            // Cancelled: nobody reads a message.
            return FAILED;
        }
    }

    private int failed(int code, Exception e) {
        err.println("notes: " + e.getMessage());
        return code;
    }

    private int index(NotesArguments arguments) throws IOException, InterruptedException {
        ProgressBar bar = new ProgressBar(err, in.terminal().isError());
        IndexRun run = new IndexRun();
        CompletableFuture<IndexReport> report =
                service.index(arguments.folder(), service.open(in.daemonArgs()), run, in::isCancelled);
        run.tell(report, progress -> {
            bar.show(progress.done(), progress.total());
            if (progress.report().isPresent()) {
                bar.end();
                IndexReport done = progress.report().get();
                out.println(done.added() + " indexed, " + done.updated() + " updated, " + done.removed() + " removed, "
                        + done.unchanged() + " unchanged, " + done.skipped() + " skipped");
            }
        });
        return 0;
    }

    private int find(NotesArguments arguments) throws QueryException {
        List<Hit> hits = service.find(service.open(in.daemonArgs()), arguments.query());
        for (Hit hit : hits) {
            out.println(hit.path() + ":" + hit.line() + ": " + hit.text());
        }
        if (hits.isEmpty()) {
            err.println("notes: nothing was found for " + arguments.query());
            return FAILED;
        }
        return 0;
    }

    private int follow() throws IOException, InterruptedException {
        Thread reader = Thread.currentThread();
        String first = NotesService.following(service.open(in.daemonArgs()));
        service.followers().add(first, reader::interrupt).serve(line -> {
            out.println(line);
            if (out.checkError()) {
                throw new IOException("standard output takes no more");
            }
        });
        return 0;
    }

    private int close() {
        in.server().close();
        service.followers().end();
        return 0;
    }
}
