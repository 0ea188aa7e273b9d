package io.github.autodaemon;

import java.util.Iterator;

/** A sequence on this side, which has yet to go to the other. */
final class GivenSequence<T> implements Sequence<T> {
    private final Producer<T> producer;
    private Runnable onClose = () -> {};

    GivenSequence(Producer<T> producer) {
        this.producer = producer;
    }

    Producer<T> producer() {
        return producer;
    }

    @Override
    public Iterator<T> iterator() {
        throw new IllegalStateException("a sequence made here is for a method of the service to return or to take; the"
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
