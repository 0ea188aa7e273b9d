package io.github.autodaemon;

import java.io.IOException;
import java.util.Iterator;

/**
 * Values one after the other, as they come. A method of the service's interface that returns a {@code Sequence}, or takes
 * one, carries it as a stream: what is not taken yet is not produced much ahead, and whoever stops taking stops the work.
 *
 * <pre>{@code
 * try (Sequence<Change> changes = log.follow()) {
 *     for (Change change : changes) {
 *         System.out.println(change);
 *     }
 * }
 * }</pre>
 *
 * <p>It can be gone through once, by one thread; {@link #cancel} may be called from any thread. When the other side fails,
 * the iterator throws: {@link RemoteException} with what the service threw, {@link ConnectionLostException} when the
 * connection ended.
 *
 * @param <T> the type of the values; they may be null
 */
public interface Sequence<T> extends Iterable<T>, AutoCloseable {
    /** The values from here on. Every call gives the same iterator. */
    @Override
    Iterator<T> iterator();

    /**
     * Has {@code action} run when this sequence is over on this side: everything was sent, or taken, or it ended early. One
     * that comes from the other side is over when it is closed or was gone through. Set before it is used; the last one
     * counts.
     *
     * @return this sequence
     */
    Sequence<T> onClose(Runnable action);

    /** Ends it at once; what blocks in it fails. {@code reason} is told to the other side. */
    void cancel(String reason);

    /** Ends it; the rest is not wanted. The second call has no effect. */
    @Override
    void close();

    /** A sequence to return or to pass, of the values that {@code values} gives when it is gone through. */
    static <T> Sequence<T> of(Iterable<? extends T> values) {
        return produce(sink -> {
            for (T value : values) {
                sink.put(value);
            }
        });
    }

    /**
     * A sequence to return or to pass, of what {@code producer} puts. A service's producer runs on a thread of its own, not
     * in the service's turn; a client's runs on the thread that makes the call, if the method returns something else than a
     * sequence.
     */
    static <T> Sequence<T> produce(Producer<T> producer) {
        // It has yet to go to the other side.
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
         * @throws Exception when there are no more because something went wrong; the other side gets to know
         */
        void produce(Sink<T> sink) throws Exception;
    }

    /** Where the values of a sequence go. One thread at a time may use it. */
    @FunctionalInterface
    interface Sink<T> {
        /**
         * Gives a value to the other side, and waits while that does not take what it has been given.
         *
         * @throws IOException when the other side wants no more, or is gone
         * @throws IllegalArgumentException when the value cannot be carried
         */
        void put(T value) throws IOException;
    }
}
