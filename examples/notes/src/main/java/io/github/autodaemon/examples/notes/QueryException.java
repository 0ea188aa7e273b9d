package io.github.autodaemon.examples.notes;

/** The query makes no sense. */
public final class QueryException extends Exception {
    private static final long serialVersionUID = 1;

    QueryException(String message, Throwable cause) {
        super(message, cause);
    }
}
