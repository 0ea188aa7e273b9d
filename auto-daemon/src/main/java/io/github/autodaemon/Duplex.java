package io.github.autodaemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A stream of bytes in both directions. A method of the service's interface that returns a {@code Duplex} is a stream
 * method.
 *
 * <p>The two directions are independent: closing {@link #output()} tells the other side that no more comes and leaves
 * {@link #input()} open. One thread at a time may use each direction; {@link #cancel} may be called from any thread. A
 * thread that is interrupted while it waits gets an {@link java.io.InterruptedIOException}, and the stream goes on.
 */
public interface Duplex extends AutoCloseable {
    /**
     * Bytes from the other side. Closing the input discards the rest; further bytes of the other side are dropped, or
     * its writes fail. A stream that ended too early, because the other side failed, cancelled it or died, is an
     * {@link IOException}, never an end.
     */
    InputStream input();

    /**
     * Bytes to the other side, sent as they are written; a write waits while the other side does not read
     * (back-pressure). Closing the output ends this direction.
     */
    OutputStream output();

    /** Ends both directions at once; blocked reads and writes fail. {@code reason} is sent to the other side. */
    void cancel(String reason);

    /**
     * Closes the output and discards the remaining input. Waits until the written bytes are on their way, so a peer
     * that does not read can block this method; {@link #cancel} does not wait. The second call has no effect.
     */
    @Override
    void close();

    /**
     * A duplex that a service returns so that {@code handler} serves the stream, on a thread of its own. The handler
     * gets the service's end; when it returns, that end is closed, and when it throws, the stream is cancelled with the
     * message.
     */
    static Duplex serve(Handler handler) {
        // Not a stream yet: on its way from the service to the connection.
        final class Served implements Duplex, Handler {
            @Override
            public void serve(Duplex stream) throws IOException {
                handler.serve(stream);
            }

            private IllegalStateException unserved() {
                return new IllegalStateException(
                        "Duplex.serve(...) is for returning from a service's stream method; the stream"
                                + " itself is what the handler gets");
            }

            @Override
            public InputStream input() {
                throw unserved();
            }

            @Override
            public OutputStream output() {
                throw unserved();
            }

            @Override
            public void cancel(String reason) {}

            @Override
            public void close() {}
        }
        return new Served();
    }

    /**
     * A duplex made of two halves: the other side reads the bytes of {@code input} and writes to {@code output}. Use
     * {@link InputStream#nullInputStream()} or {@link OutputStream#nullOutputStream()} for a missing half.
     */
    static Duplex of(InputStream input, OutputStream output) {
        final class Halves implements Duplex {
            @Override
            public InputStream input() {
                return input;
            }

            @Override
            public OutputStream output() {
                return output;
            }

            @Override
            public void cancel(String reason) {
                close();
            }

            @Override
            public void close() {
                try (InputStream first = input;
                        OutputStream second = output) {
                    // Closing both, in this order, is all.
                    assert first != null && second != null;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return new Halves();
    }

    /** Two ends joined in memory, with a bounded buffer each way: to test a {@link Handler} without a daemon. */
    static Pair pair() {
        return MemoryDuplex.pair();
    }

    /**
     * Two ends of one stream.
     *
     * @param left one end
     * @param right the other end
     */
    record Pair(Duplex left, Duplex right) {}

    /** Serves one stream; see {@link #serve}. */
    @FunctionalInterface
    interface Handler {
        /** Uses the stream, and returns when the stream is served. */
        void serve(Duplex stream) throws IOException;
    }
}
