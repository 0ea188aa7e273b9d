package io.github.autodaemon.internal.call;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.CallTimeoutException;
import io.github.autodaemon.ConnectionLostException;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.internal.net.StreamCancelledException;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A sequence from the other side. */
final class IncomingSequence<T> implements Sequence<T> {
    private final String method;
    private final ItemStream items;
    private final Type type;
    private final boolean argument;
    private final long patienceMillis;
    private @Nullable String next;
    private boolean ended;

    /** How this side has ended the sequence; null while it goes on. */
    private volatile @Nullable String over;

    private Runnable onClose = () -> {};

    /**
     * With {@code argument}, the other direction of the stream is the method's result, which is still to be sent;
     * {@code patienceMillis} is the timeout of each wait for a value.
     */
    IncomingSequence(String method, ItemStream items, Type type, boolean argument, long patienceMillis) {
        this.method = method;
        this.items = items;
        this.type = type;
        this.argument = argument;
        this.patienceMillis = patienceMillis;
    }

    @Override
    public Iterator<T> iterator() {
        return iterator;
    }

    private final Iterator<T> iterator = new Iterator<>() {
        @Override
        public boolean hasNext() {
            return IncomingSequence.this.hasNext();
        }

        @Override
        public T next() {
            return IncomingSequence.this.next();
        }
    };

    private boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = items.line();
            } catch (IOException e) {
                throw failure(e);
            }
            if (next == null) {
                ended = true;
                close();
            }
        }
        return next != null;
    }

    // The type is the declared type of the interface; null is a value, too.
    @SuppressWarnings({"unchecked", "NullAway"})
    private T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the sequence of \"" + method + "\" is over");
        }
        String line = next;
        next = null;
        try {
            return (T) items.value(line, type);
        } catch (IOException | IllegalArgumentException e) {
            cancel("a value does not fit: " + e.getMessage());
            throw new AutoDaemonException(
                    "a value of the sequence of \"" + method + "\" does not fit: " + e.getMessage(), e);
        }
    }

    private AutoDaemonException failure(IOException e) {
        if (items.isTimedOut()) {
            return CallTimeoutException.ofSequence(method, patienceMillis);
        }
        String done = over;
        boolean byPeer = e instanceof StreamCancelledException cancelled && cancelled.isByPeer();
        if (done != null && !byPeer) {
            return new AutoDaemonException("the sequence of \"" + method + "\" " + done, e);
        }
        return failure(method, e);
    }

    /** The exception of reading or writing a stream of values, as the method's caller gets it. */
    static AutoDaemonException failure(String method, IOException e) {
        if (e instanceof StreamCancelledException cancelled) {
            if (!cancelled.isByPeer()) {
                return new AutoDaemonException(
                        "the sequence of \"" + method + "\" ended too early: " + e.getMessage(), e);
            }
            Map<?, ?> error = cancelled.error();
            return new RemoteException(error == null ? ErrorObjects.of(String.valueOf(e.getMessage())) : error);
        }
        if (e instanceof InterruptedIOException) {
            return new AutoDaemonException("interrupted in the sequence of \"" + method + "\", which goes on", e);
        }
        return new ConnectionLostException(method, true, String.valueOf(e.getMessage()));
    }

    @Override
    public Sequence<T> onClose(Runnable action) {
        onClose = action;
        return this;
    }

    @Override
    public void cancel(String reason) {
        if (over == null) {
            over = "was cancelled here: " + reason;
            items.bytes().cancel(reason);
            onClose.run();
        }
    }

    @Override
    public void close() {
        if (over != null) {
            return;
        }
        over = "was closed here";
        if (!ended && !argument) {
            items.bytes().cancel("the rest is not wanted");
            onClose.run();
            return;
        }
        try {
            if (argument) {
                items.bytes().input().close();
            } else {
                new WireDuplex(items.bytes()).close();
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            onClose.run();
        }
    }
}
