package io.github.autodaemon.examples.notes;

import io.github.autodaemon.Sequence;
import java.nio.file.Path;
import java.util.List;

/** Shared by the command and the daemon. */
public interface Notes {
    /**
     * Brings the index up to date with the text files below {@code directory}, an absolute path. The last progress has the
     * report; whoever ends the sequence before ends the run.
     */
    Sequence<Progress> index(Path directory);

    /**
     * The lines that match best, best first.
     *
     * @throws QueryException when the query cannot be understood
     */
    List<Hit> find(String query) throws QueryException;

    /**
     * What happens to the index from now on, by anybody's doing: a line for each file, after one that says which index it
     * is. Ends when the daemon does.
     */
    Sequence<String> follow();

    /** Ends the daemon. The index stays. */
    void close();
}
