package io.github.autodaemon;

import java.io.IOException;
import java.util.Iterator;

/**
 * Values one after the other, as they come. A method of the service's interface that returns a {@code Sequence}, or
 * takes one, carries the values as a stream with back-pressure: values are not produced much ahead of the consumer, and
 * a consumer that stops ends the work.
 *
 * <pre>{@code
 * try (Sequence<Change> changes = log.follow()) {
 *     for (Change change : changes) {
 *         System.out.println(change);
 *     }
 * }
 * }</pre>
 *
 * <p>A sequence can be iterated once, by one thread; {@link #cancel} may be called from any thread. When the other side
 * fails, the iterator throws: {@link RemoteException} for an exception of the service, {@link ConnectionLostException}
 * when the connection ended.
 *
 * @param <T> the type of the values; they may be null
 */
public interface Sequence<T> extends Iterable<T>, AutoCloseable {
    /** The remaining values. Every call returns the same iterator. */
    @Override
    Iterator<T> iterator();

    /**
     * Runs {@code action} when this sequence is over on this side: all values were sent, or taken, or the sequence
     * ended early. A received sequence is over when it is closed or was iterated to its end. Set the action before the
     * sequence is used; the last action counts.
     *
     * @return this sequence
     */
    Sequence<T> onClose(Runnable action);

    /** Ends the sequence at once; blocked operations fail. {@code reason} is sent to the other side. */
    void cancel(String reason);

    /** Ends the sequence and drops the rest. The second call has no effect. */
    @Override
    void close();

    /**
     * A sequence to return or to pass, of the elements of {@code values}, which is iterated when the sequence is sent.
     */
    static <T> Sequence<T> of(Iterable<? extends T> values) {
        return produce(sink -> {
            for (T value : values) {
                sink.put(value);
            }
        });
    }

    /**
     * A sequence to return or to pass, of the values that {@code producer} puts. A service's producer runs on a thread
     * of its own, not in the service's turn; a client's producer runs on the thread that makes the call, unless the
     * method returns a sequence.
     */
    static <T> Sequence<T> produce(Producer<T> producer) {
        // A sequence that is not sent to the other side yet.
        final class Outgoing implements Sequence<T>, Producer<T> {
            private Runnable onClose = () -> {};

            @Override
            public void produce(Sink<T> sink) throws Exception {
                producer.produce(sink);
            }

            @Override
            public Iterator<T> iterator() {
                throw new IllegalStateException(
                        "a sequence made here is for a method of the service to return or to take; the"
                                + " other side goes through it");
            }

            @Override
            public Sequence<T> onClose(Runnable action) {
                onClose = action;
                return this;
            }

            @Override
            public void cancel(String reason) {}

            @Override
            public void close() {
                onClose.run();
            }
        }
        return new Outgoing();
    }

    /** Makes the values of a sequence. */
    @FunctionalInterface
    interface Producer<T> {
        /**
         * Puts all values and returns; the sequence ends then.
         *
         * @throws Exception when producing fails; the other side gets the failure
         */
        void produce(Sink<T> sink) throws Exception;
    }

    /** Takes the values of a sequence. One thread at a time may use a sink. */
    @FunctionalInterface
    interface Sink<T> {
        /**
         * Sends a value to the other side, and waits while the other side does not take earlier values.
         *
         * @throws IOException when the other side wants no more values, or is gone
         * @throws IllegalArgumentException when the value cannot be carried
         */
        void put(T value) throws IOException;
    }
}
