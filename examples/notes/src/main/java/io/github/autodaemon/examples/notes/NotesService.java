package io.github.autodaemon.examples.notes;

import io.github.autodaemon.Client;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Reference;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Runs in the daemon and holds the index open as long as it lives. Its argument is where the index lies. Programs call its
 * methods, and people its commands.
 */
public class NotesService implements Service<Notes>, Program {
    private final TextFile reader;
    private final Followers followers = new Followers();
    private final AtomicBoolean leaving = new AtomicBoolean();

    /**
     * A service runs one call at a time, and everybody's {@code find} would wait until a long {@code index} is over. So
     * that one runs here: Lucene's writer and searchers are made for many threads. One thread, because two runs over one
     * folder would both take each of its files for a new one.
     */
    private final ExecutorService indexing = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "notes-index");
        thread.setDaemon(true);
        return thread;
    });

    private final ExecutorService searching = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "notes-search");
        thread.setDaemon(true);
        return thread;
    });

    private DocumentIndex index;

    /** A service over an index that is opened when it is first used. */
    public NotesService() {
        this(TextFile::readUtf8);
    }

    NotesService(TextFile reader) {
        this.reader = reader;
    }

    @Override
    public Notes connected(Client client) {
        return new Session(client);
    }

    @Override
    public int run(Invocation in) {
        return new NotesProgram(this, in).run();
    }

    /** Not opened for a client that connects: the daemon of a broken index must still let itself be closed. */
    synchronized DocumentIndex open(List<String> args) {
        if (index == null) {
            String place = args.get(0);
            try {
                index = uninterrupted(() -> DocumentIndex.open(Path.of(place)));
            } catch (IOException | IllegalArgumentException | QueryException e) {
                throw new IllegalStateException("the index in " + place + " cannot be opened: " + e.getMessage(), e);
            }
            System.out.println("opened " + index.directory());
        }
        return index;
    }

    /**
     * The call of a client that has gone is interrupted, and an interrupt inside of a file operation closes the file: here
     * one of Lucene's, which would end the writer for everybody.
     */
    private <T> T uninterrupted(Callable<T> task) throws IOException, QueryException {
        CompletableFuture<T> result = new CompletableFuture<>();
        searching.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof QueryException failure) {
                throw failure;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Begins to bring the index up to date. */
    CompletableFuture<IndexReport> index(Path directory, DocumentIndex opened, IndexRun run, BooleanSupplier gone) {
        return CompletableFuture.supplyAsync(() -> update(directory, opened, run, gone), indexing);
    }

    /** Whoever gives up waiting stops the work too. */
    private IndexReport update(Path directory, DocumentIndex opened, IndexRun run, BooleanSupplier gone) {
        try {
            Folder folder = new Folder(
                    directory,
                    opened,
                    reader,
                    followers::tell,
                    run::at,
                    () -> run.isUnwanted() || gone.getAsBoolean() || leaving.get());
            IndexReport report = folder.update();
            System.out.println(directory + ": " + report);
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    List<Hit> find(DocumentIndex opened, String query) throws QueryException {
        try {
            return uninterrupted(() -> opened.find(query));
        } catch (IOException e) {
            throw new UncheckedIOException("the index cannot be read: " + e.getMessage(), e);
        }
    }

    Followers followers() {
        return followers;
    }

    static String following(DocumentIndex opened) {
        return "following the index in " + opened.directory();
    }

    private final class Session implements Notes {
        private final Client client;
        private final AtomicBoolean gone = new AtomicBoolean();

        Session(Client client) {
            this.client = client;
            client.onClose(() -> gone.set(true));
        }

        @Override
        public Sequence<Progress> index(Path directory) {
            DocumentIndex opened = open(client.args());
            Reference running = client.ref();
            IndexRun run = new IndexRun();
            CompletableFuture<IndexReport> report = NotesService.this
                    .index(directory, opened, run, gone::get)
                    .whenComplete((value, thrown) -> running.close());
            return Sequence.produce(sink -> run.tell(report, sink));
        }

        @Override
        public List<Hit> find(String query) throws QueryException {
            return NotesService.this.find(open(client.args()), query);
        }

        @Override
        public Sequence<String> follow() {
            return followers.add(client, following(open(client.args())));
        }

        @Override
        public void close() {
            client.server().close();
            followers.end();
            client.close();
        }
    }

    /** An index run whose client has gone may still be at its last file. */
    @Override
    public void close() throws Exception {
        leaving.set(true);
        indexing.shutdown();
        if (!indexing.awaitTermination(1, TimeUnit.MINUTES)) {
            System.err.println("an index run does not end; closing the index under it");
        }
        synchronized (this) {
            if (index != null) {
                index.close();
            }
        }
    }
}
