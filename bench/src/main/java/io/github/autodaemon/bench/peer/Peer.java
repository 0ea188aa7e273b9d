package io.github.autodaemon.bench.peer;

import java.io.Closeable;
import java.io.IOException;

/** A client that is connected to its server, and what a {@link Driver} makes it do. Every server keeps one sum. */
public interface Peer extends AutoCloseable {
    /** One call: adds {@code n} and gives the sum. */
    long add(long n) throws Exception;

    /** Makes so many calls of {@link #add}, with up to {@code outstanding} of them unanswered at a time. */
    void pipelined(int calls, int outstanding) throws Exception;

    /** One call: gives the text back. */
    String text(String text) throws Exception;

    /** One call: gives the item back. */
    default Item item(Item item) throws Exception {
        throw new UnsupportedOperationException("carries no records");
    }

    /** Reads so many bytes of a stream; gives how many came. */
    default long bytes(long count) throws Exception {
        throw new UnsupportedOperationException("has no streams");
    }

    /** Opens a stream and leaves it unread, for as long as the result is open. */
    default Closeable stall() throws Exception {
        throw new UnsupportedOperationException("has no streams");
    }

    @Override
    void close() throws IOException;
}
