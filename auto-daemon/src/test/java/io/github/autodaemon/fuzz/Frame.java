package io.github.autodaemon.fuzz;

import java.io.ByteArrayOutputStream;

/** Frames as bytes, written down once more from docs/protocol.md; they may lie. */
public final class Frame {
    /** Opens a channel. */
    public static final int NEW = 0;
    /** Data from whoever opened it. */
    public static final int DATA = 2;
    /** The acknowledgement of an end. */
    public static final int ACKNOWLEDGED = 3;
    /** The end of the data. */
    public static final int END = 4;
    /** A reset by the receiver. */
    public static final int REFUSED = 5;
    /** A reset by whoever opened it. */
    public static final int RESET = 6;

    private Frame() {}

    /** A frame. */
    public static byte[] of(long channel, int type, byte... payload) {
        byte[] header = header(channel, type, payload.length);
        byte[] frame = java.util.Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, frame, header.length, payload.length);
        return frame;
    }

    /** The beginning of a frame, whose payload may have another length. */
    public static byte[] header(long channel, int type, long length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, channel << 3 | type);
        varint(out, length);
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >>> 7 != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
