package io.github.autodaemon.replay;

import java.util.Arrays;

/** The bytes of one direction, taken frame by frame. */
final class Track {
    private final byte[] bytes;
    private int position;
    private long header;
    private int payload;

    Track(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The next frame whole; its parts can be asked for until the next one is taken. Null when there is none. */
    byte[] frame() {
        int from = position;
        header = varint();
        long length = header < 0 ? -1 : varint();
        if (length < 0 || length > bytes.length - position) {
            position = from;
            return null;
        }
        payload = position;
        position += (int) length;
        return Arrays.copyOfRange(bytes, from, position);
    }

    int type() {
        return (int) (header & 7);
    }

    long channel() {
        return header >>> 3;
    }

    byte[] payload() {
        return Arrays.copyOfRange(bytes, payload, position);
    }

    /** What is left behind the last frame that was taken. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, position, bytes.length);
        position = bytes.length;
        return rest;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; position < bytes.length && shift < 63; shift += 7) {
            byte b = bytes[position++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return -1;
    }
}
