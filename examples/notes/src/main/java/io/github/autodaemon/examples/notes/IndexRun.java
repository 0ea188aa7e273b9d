package io.github.autodaemon.examples.notes;

import io.github.autodaemon.Sequence;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * An index run and whoever waits for it. Only the newest progress is kept: a terminal that is slow, or stopped, does not hold
 * up the index. Any thread may use it.
 */
final class IndexRun {
    private Optional<Progress> newest = Optional.empty();
    private boolean over;
    private volatile boolean unwanted;

    synchronized void at(int done, int total) {
        newest = Optional.of(new Progress(done, total, Optional.empty()));
        notifyAll();
    }

    private synchronized void over() {
        over = true;
        notifyAll();
    }

    /** Whether nobody waits for it any more. */
    boolean isUnwanted() {
        return unwanted;
    }

    private synchronized Optional<Progress> next() throws InterruptedException {
        while (newest.isEmpty() && !over) {
            wait();
        }
        Optional<Progress> next = newest;
        newest = Optional.empty();
        return next;
    }

    /** Tells of its progress until {@code report} is there, which comes last. Giving up on it gives up the run. */
    void tell(CompletableFuture<IndexReport> report, Sequence.Sink<Progress> sink)
            throws IOException, InterruptedException {
        var unused = report.whenComplete((value, thrown) -> over());
        boolean told = false;
        try {
            int files = 0;
            for (Optional<Progress> next = next(); next.isPresent(); next = next()) {
                files = next.get().total();
                sink.put(next.get());
            }
            sink.put(new Progress(files, files, Optional.of(report.join())));
            told = true;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } finally {
            unwanted = !told;
        }
    }
}
