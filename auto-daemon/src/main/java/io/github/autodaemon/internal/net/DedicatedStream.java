package io.github.autodaemon.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream on a socket connection of its own. The kernel applies back-pressure per stream, so a slow reader causes no
 * head-of-line blocking on other streams.
 *
 * <p>Bytes travel as {@code length data}, where the length has four bytes, big-endian; a length of zero is the end. The
 * end of the socket alone would not do: a killed peer looks the same.
 *
 * <pre>
 *   open --both directions over--> over
 *   open --cancel, cancelled, closed, the socket ends--> failed: the socket is closed, reads and writes throw
 *   open --lost--> drained: the bytes that the peer had sent are read, then failed
 * </pre>
 */
public final class DedicatedStream implements SeparateStream, StreamState {

    /** How long the reason on the session's connection, which was sent before the socket ended, may take. */
    private static final long EXPLANATION = TimeUnit.SECONDS.toNanos(1);

    private final SocketChannel channel;
    private final Link link;
    private final DedicatedInput input;
    private final DedicatedOutput output;

    // Guarded by this.
    private @Nullable String failure;
    private @Nullable String lost;
    private boolean unread;
    private boolean inputOver;
    private boolean outputOver;
    private boolean cancelled;
    private boolean byPeer;
    private @Nullable Map<?, ?> peerError;
    private @Nullable Runnable onFailure;

    /** A stream over a connected, non-blocking channel, which the stream owns from now on. */
    public DedicatedStream(SocketChannel channel, Link link) {
        this.channel = channel;
        this.link = link;
        this.input = new DedicatedInput(this, channel);
        this.output = new DedicatedOutput(this, channel);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void cancel(String reason, @Nullable Map<String, ?> error) {
        if (!isOver()) {
            // Before the socket ends: a peer that sees the end looks for the reason.
            link.cancel(reason, error);
            synchronized (this) {
                cancelled |= failure == null;
            }
            fail("the stream was cancelled: " + reason);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            output.close();
        } finally {
            input.close();
            String reason = lost();
            if (reason != null) {
                // The output could not be ended, so the stream is not over yet.
                fail(reason);
            }
        }
    }

    @Override
    public void cancelled(String reason, @Nullable Map<?, ?> error) {
        synchronized (this) {
            byPeer = failure == null;
            cancelled |= byPeer;
            peerError = error;
        }
        fail(reason.isEmpty() ? "the peer cancelled the stream" : reason);
    }

    /** The exception for a thread that uses the failed stream. */
    @Override
    public synchronized IOException exception(String reason) {
        return cancelled ? new StreamCancelledException(byPeer, reason, peerError) : new IOException(reason);
    }

    @Override
    public void closed(String reason) {
        fail(reason);
    }

    @Override
    public synchronized void unread() {
        unread = true;
    }

    @Override
    public void lost(String reason) {
        synchronized (this) {
            lost = reason;
        }
        input.wake();
        output.wake();
        if (input.look() <= 0) {
            fail(reason);
        }
    }

    /** Whether the peer has given the stream up before any byte was read. The stream is not in use yet. */
    public boolean isAbandoned() {
        return input.look() < 0;
    }

    /** Closes the socket of a stream that is not in use yet, without a message to the peer. */
    public void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same (close(2)).
            assert !channel.isOpen();
        }
        input.release();
        output.release();
    }

    private synchronized boolean isOver() {
        return failure != null || (inputOver && outputOver);
    }

    /** Why both directions have failed; null while they have not. */
    @Override
    public synchronized @Nullable String failure() {
        return failure;
    }

    /** Why no more bytes will come than have come; null while more may. */
    @Override
    public synchronized @Nullable String lost() {
        return lost;
    }

    @Override
    public synchronized boolean isUnread() {
        return unread;
    }

    private synchronized boolean isExplained() {
        return failure != null || lost != null || unread;
    }

    @Override
    public void fail(String reason) {
        synchronized (this) {
            if (failure != null || (inputOver && outputOver)) {
                return;
            }
            failure = reason;
            if (onFailure != null) {
                // Inside the lock: a thread that is thrown the failure finds that the action has run.
                onFailure.run();
            }
        }
        release();
    }

    @Override
    public synchronized void onFailure(Runnable action) {
        onFailure = action;
        if (failure != null) {
            action.run();
        }
    }

    /** The socket has ended too early, or takes no more. The reason comes, if at all, on the session's connection. */
    @Override
    public void explain() throws InterruptedIOException {
        BooleanSupplier explained = this::isExplained;
        try {
            link.await(explained, EXPLANATION);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // The interrupt may come from the stream's failure, which this thread waits for.
            if (!isExplained()) {
                throw new InterruptedIOException("interrupted; the stream is not harmed");
            }
        }
    }

    /** Waits for readiness. A thread that the stream's failure interrupted gets the failure, and not the interrupt. */
    @Override
    public void await(Readiness readiness) throws IOException {
        try {
            readiness.await();
        } catch (InterruptedIOException e) {
            if (failure() == null) {
                throw e;
            }
        }
    }

    /** The peer is told before the socket shows the end, for the same reason as in {@link #cancel}. */
    @Override
    public void tellUnread() {
        link.unread();
    }

    @Override
    public void inputOver() {
        over(true, false);
    }

    @Override
    public void outputOver() {
        over(false, true);
    }

    private void over(boolean in, boolean out) {
        boolean now;
        synchronized (this) {
            boolean before = isOver();
            inputOver |= in;
            outputOver |= out;
            now = !before && isOver();
        }
        if (now) {
            release();
        }
    }

    private void release() {
        abandon();
        link.over();
    }
}
