package io.github.autodaemon.internal.mux;

import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.Wire;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shared streams over one connection, in the manner of npm's {@code multiplex}. Each side numbers the channels it
 * initiates; channels of the two sides are matched by name. All methods are called with the connection's
 * {@link Monitor} held.
 *
 * <p>An unexpected channel is skipped, its data included: buffering the data would let a peer stall the connection.
 */
public final class Mux implements FrameReader.Sink {
    private static final int FIRST_NUMBER = 2;

    /**
     * Numbers wrap around below this while free numbers last: a Node peer keeps an array as long as the highest number.
     */
    private static final int USUAL_NUMBERS = 1024;

    private final Wire wire;
    private final FrameReader reader = new FrameReader(this);
    private final Map<String, SharedStream> byName = new HashMap<>();
    private final Map<Integer, SharedStream> outgoing = new HashMap<>();
    private final Map<Integer, SharedStream> incoming = new HashMap<>();
    private final BitSet numbers = new BitSet();
    private int nextNumber = FIRST_NUMBER;
    private final byte[] scratch = new byte[512];
    private long written;
    private boolean fragilePeer;
    private boolean javaPeer;
    private int holds;
    private int urgent;
    private boolean stopped;

    /** The bytes after the frame at which this side stopped. */
    private byte[] behind = new byte[0];

    /** A multiplexer that writes to {@code wire}. */
    public Mux(Wire wire) {
        this.wire = wire;
        // "0" and "1" are the reserved names; npm gives them these numbers at set-up, before any other.
        numbers.set(0, FIRST_NUMBER);
    }

    /** The wire below. */
    public Wire wire() {
        return wire;
    }

    /** Handles all received bytes; bytes that come while reading is stopped are handled later. */
    public void receive(ByteBuffer bytes) throws ProtocolException {
        if (!stopped) {
            reader.read(bytes);
        }
        if (bytes.hasRemaining()) {
            int size = behind.length;
            behind = Arrays.copyOf(behind, size + bytes.remaining());
            bytes.get(behind, size, bytes.remaining());
        }
    }

    /** Takes no further frame, not even from bytes that have been read, until {@link #goOn()}. */
    public void stop() {
        stopped = true;
        hold();
    }

    /** Takes no further frame for good: the bytes behind the current frame have another form. */
    public void leaveFrames() {
        stopped = true;
    }

    /** The bytes that have come behind the last frame. */
    public ByteBuffer behind() {
        byte[] bytes = behind;
        behind = new byte[0];
        return ByteBuffer.wrap(bytes);
    }

    /** Undoes {@link #stop()}, and handles the bytes that came meanwhile. */
    public void goOn() throws ProtocolException {
        stopped = false;
        release();
        byte[] next = behind;
        behind = new byte[0];
        receive(ByteBuffer.wrap(next));
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }

    /** True if a stream of this name exists. */
    public boolean taken(String name) {
        return byName.containsKey(name);
    }

    /** The number of streams, including the two reserved streams. */
    public int streams() {
        return byName.size();
    }

    /** Expects, and offers, a stream under this name, which must not be taken. */
    public SharedStream stream(String name, SharedStream.Sink sink) {
        SharedStream stream = new SharedStream(this, name, sink);
        byName.put(name, stream);
        return stream;
    }

    /** Stops reading from the peer until as many {@link #release()} have followed. */
    public void hold() {
        holds++;
        wire.reading(holds == 0 || urgent > 0);
    }

    /** Undoes one {@link #hold()}. */
    public void release() {
        holds--;
        wire.reading(holds == 0 || urgent > 0);
    }

    /**
     * Reads on in spite of holds while a reply is awaited: the waiting caller may be the thread that would empty the
     * full buffer.
     */
    public void urgent(boolean on) {
        urgent += on ? 1 : -1;
        wire.reading(holds == 0 || urgent > 0);
    }

    /** Tells all streams that the connection is over. */
    public void lost(String reason) {
        List<SharedStream> streams = new ArrayList<>(byName.values());
        byName.clear();
        outgoing.clear();
        incoming.clear();
        for (SharedStream stream : streams) {
            stream.over = true;
            stream.sink.lost(reason);
        }
    }

    // Output of shared streams.

    void open(SharedStream stream) {
        if (stream.outgoing >= 0) {
            return;
        }
        int number;
        if (stream.name.equals("0")) {
            number = 0;
        } else if (stream.name.equals("1")) {
            number = 1;
        } else {
            number = freeNumber();
        }
        stream.outgoing = number;
        outgoing.put(number, stream);
        if (stream.name.equals(Integer.toString(number))) {
            frame(number, Frames.NEW);
        } else {
            byte[] name = stream.name.getBytes(StandardCharsets.UTF_8);
            frame(number, Frames.NEW, name, 0, name.length);
        }
    }

    /**
     * Not the lowest free number: when a peer destroys a stream it resets both halves, and the second reset may arrive
     * after the number was freed by the first.
     */
    private int freeNumber() {
        int number = numbers.nextClearBit(nextNumber);
        if (number >= USUAL_NUMBERS) {
            number = numbers.nextClearBit(FIRST_NUMBER);
        }
        numbers.set(number);
        nextNumber = number + 1;
        return number;
    }

    /**
     * Notes that the peer is npm's daemon. A reset ends that daemon for all its clients unless its service expects one,
     * and so does the end of a direction that its service does not read.
     */
    public void peerIsFragile() {
        fragilePeer = true;
    }

    /** Notes that the peer is this library, which accepts a reset of a half that has ended. */
    public void peerIsJava() {
        javaPeer = true;
    }

    boolean fragilePeer() {
        return fragilePeer;
    }

    /** An upper bound of the bytes that this side has sent. */
    public long written() {
        return written;
    }

    /** Sends the written bytes. */
    public void flush() {
        wire.flush();
    }

    void frame(int channel, int type) {
        wire.write(scratch, 0, Frames.header(scratch, 0, channel, type, 0));
        written += Frames.MAX_HEADER;
    }

    void frame(int channel, int type, byte[] payload, int offset, int length) {
        int total = length + Frames.MAX_HEADER;
        written += total;
        if (total <= scratch.length) {
            // One write, so that a small frame is one packet for the reader.
            int start = Frames.header(scratch, 0, channel, type, length);
            System.arraycopy(payload, offset, scratch, start, length);
            wire.write(scratch, 0, start + length);
        } else {
            wire.write(scratch, 0, Frames.header(scratch, 0, channel, type, length));
            wire.write(payload, offset, length);
        }
    }

    void reset(SharedStream stream, String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        // Both halves in one write: a Node peer that sees one half alone answers with its own resets. Both contain the
        // reason: a Node peer reports the first reset's message and ignores the second.
        boolean told = stream.incoming >= 0 && !stream.endAcknowledgeSent;
        if (told) {
            frame(stream.incoming, Frames.RESET_BY_RECEIVER, text, 0, text.length);
        }
        // Else a peer that has acknowledged our end, and has sent nothing yet, would not be told.
        if (!stream.endAcknowledged || (javaPeer && !told)) {
            open(stream);
            frame(stream.outgoing, Frames.RESET, text, 0, text.length);
        }
        release(stream);
    }

    /**
     * A number may be reused when neither side can send another frame about the stream. Freeing the number when only
     * our own half is over would let a late reset by the peer hit the number's next stream.
     */
    void releaseIfDone(SharedStream stream) {
        if (stream.endSent && stream.endAcknowledged && stream.endAcknowledgeSent) {
            release(stream);
        }
    }

    private void release(SharedStream stream) {
        stream.over = true;
        byName.remove(stream.name, stream);
        if (stream.outgoing >= 0) {
            outgoing.remove(stream.outgoing, stream);
            if (stream.outgoing >= FIRST_NUMBER) {
                numbers.clear(stream.outgoing);
            }
        }
        if (stream.incoming >= 0) {
            incoming.remove(stream.incoming, stream);
        }
    }

    // Frames from the peer.

    @Override
    public void opened(int channel, String name) {
        SharedStream old = incoming.remove(channel);
        if (old != null) {
            old.incoming = -1;
        }
        SharedStream stream = byName.get(name);
        if (stream != null && !stream.claimedByPeer) {
            stream.claimedByPeer = true;
            stream.incoming = channel;
            incoming.put(channel, stream);
        }
    }

    @Override
    public void data(boolean initiated, int channel, ByteBuffer bytes) throws ProtocolException {
        // Data on a channel that this side initiated have no meaning in shared streams.
        SharedStream stream = initiated ? incoming.get(channel) : null;
        if (stream == null) {
            return;
        }
        if (stream.endReceived) {
            if (reserved(stream)) {
                throw new ProtocolException("data after the end of the reserved stream \"" + stream.name + "\"");
            }
            reset(stream, "data after the end");
            stream.sink.reset("data after the end");
        } else {
            stream.sink.data(bytes);
        }
    }

    @Override
    public void ended(boolean initiated, int channel) throws ProtocolException {
        SharedStream stream = initiated ? incoming.get(channel) : outgoing.get(channel);
        if (stream == null) {
            return;
        }
        if (initiated) {
            if (!stream.endReceived) {
                stream.endReceived = true;
                stream.sink.end();
            }
        } else if (stream.endSent) {
            stream.endAcknowledged = true;
            releaseIfDone(stream);
        }
    }

    @Override
    public void reset(boolean initiated, int channel, String message) throws ProtocolException {
        SharedStream stream = initiated ? incoming.get(channel) : outgoing.get(channel);
        if (stream == null) {
            return;
        }
        if (reserved(stream)) {
            throw new ProtocolException("the peer reset the reserved stream \"" + stream.name + "\"");
        }
        // Our half is reset too, as at a Node peer, if it was opened. The peer's own half gets no frame: a Node peer
        // resets both, and may have given the number to its next stream, which the frame would destroy.
        if (initiated && stream.outgoing >= 0 && !stream.endAcknowledged) {
            frame(stream.outgoing, Frames.RESET);
        }
        release(stream);
        stream.sink.reset(message);
    }

    /** True for a reserved stream; a reset of such a stream ends npm's daemon. */
    private static boolean reserved(SharedStream stream) {
        return stream.name.equals("0") || stream.name.equals("1");
    }

    /**
     * A duplex that both sides know by its name: two one-way channels, one initiated by each side. A side's channel is
     * opened by the first frame on it. All methods are called with the connection's {@link Monitor} held.
     */
    public static final class SharedStream {
        /** The callback for input. Called with the connection's monitor held; must not block. */
        public interface Sink {
            /** Bytes have come; {@code bytes} is valid during the call only. */
            void data(ByteBuffer bytes) throws ProtocolException;

            /** The peer sends no more. */
            void end() throws ProtocolException;

            /** The stream is over, in both directions. {@code message} is the peer's message, which may be empty. */
            void reset(String message);

            /** The connection is over; {@code reason} in words. */
            void lost(String reason);
        }

        private final Mux mux;
        final String name;
        final Sink sink;

        /** Number of the channel that this side initiated; -1 before it is opened. */
        int outgoing = -1;

        /** Number of the channel that the peer initiated; -1 before it is opened. */
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

        /** Tells the peer that this side sends no more. */
        public void end() {
            if (!endSent && !over) {
                mux.open(this);
                endSent = true;
                mux.frame(outgoing, Frames.END);
                mux.releaseIfDone(this);
            }
        }

        /** Acknowledges the peer's end, once all bytes before it have been consumed. */
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

        /** Destroys the stream in both directions, telling the peer why; the sink is not called any more. */
        public void reset(String message) {
            if (!over) {
                mux.reset(this, message);
            }
        }

        /** True when no bytes can be sent any more. */
        public boolean over() {
            return over;
        }
    }
}
