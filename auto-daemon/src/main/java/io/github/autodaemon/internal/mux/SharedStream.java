package io.github.autodaemon.internal.mux;

import io.github.autodaemon.internal.net.Monitor;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * A duplex that both sides know by its name: two one-way channels, one initiated by each side. A side's channel is
 * opened by the first thing sent on it. All methods are called with the connection's {@link Monitor} held.
 */
public final class SharedStream {
    /** What arrives. Called with the connection's monitor held; must not block. */
    public interface Sink {
        /** Some bytes; {@code bytes} is valid during the call only. */
        void data(ByteBuffer bytes) throws ProtocolException;

        /** The peer sends no more. */
        void end() throws ProtocolException;

        /** The stream is over, in both directions. {@code message} is what the peer said, perhaps nothing. */
        void reset(String message);

        /** The connection is over; {@code reason} in words. */
        void lost(String reason);
    }

    private final Mux mux;
    final String name;
    final Sink sink;

    /** Number of the channel this side initiated, -1 before it is opened. */
    int outgoing = -1;

    /** Number of the channel the peer initiated, -1 before it is opened. */
    int incoming = -1;

    boolean claimedByPeer;
    boolean endSent;
    boolean endAcknowledged;
    boolean endReceived;
    boolean endAcknowledgeSent;
    boolean over;

    SharedStream(Mux mux, String name, Sink sink) {
        this.mux = mux;
        this.name = name;
        this.sink = sink;
    }

    /** Sends bytes, as one frame. Ignored after {@link #end()} or when the stream is over. */
    public void send(byte[] bytes, int offset, int length) {
        if (!endSent && !over) {
            mux.open(this);
            mux.frame(outgoing, Frames.DATA, bytes, offset, length);
        }
    }

    /** Says that this side sends no more. */
    public void end() {
        if (!endSent && !over) {
            mux.open(this);
            endSent = true;
            mux.frame(outgoing, Frames.END);
            mux.releaseIfDone(this);
        }
    }

    /** Confirms the peer's end, once everything before it has been consumed. */
    public void acknowledgeEnd() {
        if (endReceived && !endAcknowledgeSent && !over) {
            endAcknowledgeSent = true;
            // The peer may have given the channel's number to another stream, which is not to be acknowledged.
            if (incoming >= 0) {
                mux.frame(incoming, Frames.END_BY_RECEIVER);
            }
            mux.releaseIfDone(this);
        }
    }

    /** Destroys the stream in both directions, telling the peer why; the sink hears nothing more. */
    public void reset(String message) {
        if (!over) {
            mux.reset(this, message);
        }
    }

    /** Whether nothing can be sent any more. */
    public boolean over() {
        return over;
    }
}
