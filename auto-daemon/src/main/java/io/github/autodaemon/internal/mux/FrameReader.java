package io.github.autodaemon.internal.mux;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes frames out of a byte stream that arrives in arbitrary pieces. A data payload is passed on as it comes and is
 * never buffered, so a frame may declare any length; names and reset messages are buffered up to a bound.
 */
final class FrameReader {
    /**
     * The handler of the frames. {@code initiated} is true when the peer opened the channel, false when this side did.
     */
    interface Sink {
        void opened(int channel, String name) throws ProtocolException;

        void data(boolean initiated, int channel, ByteBuffer bytes) throws ProtocolException;

        void ended(boolean initiated, int channel) throws ProtocolException;

        void reset(boolean initiated, int channel, String message) throws ProtocolException;

        /** True while the sink takes no more frames. */
        default boolean isStopped() {
            return false;
        }
    }

    private enum State {
        HEADER,
        LENGTH,
        PAYLOAD
    }

    private static final int MAX_VARINT_BYTES = 100;
    private static final int MAX_NAME = 256;
    private static final int MAX_MESSAGE = 4096;

    private final Sink sink;
    private State state = State.HEADER;
    private long value;
    private int shift;
    private int varintBytes;
    private int type;
    private int channel;
    private long remaining;
    private byte[] held = new byte[0];
    private int heldLength;

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    /**
     * Consumes all of {@code in}, or the part until the sink is stopped.
     *
     * @throws ProtocolException when the bytes cannot be frames; the connection is of no further use
     */
    void read(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining() && !sink.isStopped()) {
            switch (state) {
                case HEADER -> {
                    if (varint(in)) {
                        long number = value >>> 3;
                        if (number > Frames.MAX_CHANNEL) {
                            throw new ProtocolException("channel number " + number + " is over " + Frames.MAX_CHANNEL);
                        }
                        channel = (int) number;
                        type = (int) (value & 7);
                        begin(State.LENGTH);
                    }
                }
                case LENGTH -> {
                    if (varint(in)) {
                        remaining = value;
                        heldLength = 0;
                        if (type == Frames.NEW && remaining > MAX_NAME) {
                            throw new ProtocolException(
                                    "a channel name of " + remaining + " bytes is over " + MAX_NAME);
                        }
                        begin(State.PAYLOAD);
                        if (remaining == 0) {
                            finish();
                        }
                    }
                }
                case PAYLOAD -> payload(in);
            }
        }
    }

    private void begin(State next) {
        state = next;
        value = 0;
        shift = 0;
        varintBytes = 0;
    }

    /** Over-long encodings are legal; returns true when the number is complete. */
    private boolean varint(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (++varintBytes > MAX_VARINT_BYTES) {
                throw new ProtocolException("a number does not end within " + MAX_VARINT_BYTES + " bytes");
            }
            long bits = b & 0x7f;
            if (shift < 63) {
                value |= bits << shift;
                shift += 7;
            } else if (bits != 0) {
                throw new ProtocolException("a number is over 63 bits");
            }
            if (b >= 0) {
                return true;
            }
        }
        return false;
    }

    private void payload(ByteBuffer in) throws ProtocolException {
        int size = (int) Math.min(remaining, in.remaining());
        int limit = in.limit();
        in.limit(in.position() + size);
        try {
            if (type == Frames.DATA) {
                sink.data(true, channel, in);
            } else if (type == Frames.DATA_BY_RECEIVER) {
                sink.data(false, channel, in);
            } else {
                hold(in);
            }
        } finally {
            in.position(in.limit());
            in.limit(limit);
        }
        remaining -= size;
        if (remaining == 0) {
            finish();
        }
    }

    /** Buffers the beginning of a name or message, up to its bound; the rest is skipped. */
    private void hold(ByteBuffer in) {
        int size = Math.min(in.remaining(), MAX_MESSAGE - heldLength);
        if (heldLength + size > held.length) {
            held = Arrays.copyOf(held, heldLength + size);
        }
        in.get(held, heldLength, size);
        heldLength += size;
    }

    private void finish() throws ProtocolException {
        begin(State.HEADER);
        switch (type) {
            case Frames.NEW -> sink.opened(channel, heldLength == 0 ? Integer.toString(channel) : heldText());
            case Frames.END -> sink.ended(true, channel);
            case Frames.END_BY_RECEIVER -> sink.ended(false, channel);
            case Frames.RESET -> sink.reset(true, channel, heldText());
            case Frames.RESET_BY_RECEIVER -> sink.reset(false, channel, heldText());
            default -> {
                // Data was passed on as it came; type 7 has no meaning and is skipped.
            }
        }
    }

    private String heldText() {
        return new String(held, 0, heldLength, StandardCharsets.UTF_8);
    }
}
