package io.github.autodaemon.bench.peer;

import java.nio.ByteBuffer;

/** Counts the lines in a sequence of frames, however they are cut into pieces. */
final class Lines {
    private static final int MORE = 0x80;

    /** A frame's head, its length, its payload. */
    private int state;

    private long payload;
    private int shift;
    private int count;

    int count() {
        return count;
    }

    /** Whether there is one, which then is not counted any more. */
    boolean takeOne() {
        if (count == 0) {
            return false;
        }
        count--;
        return true;
    }

    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            switch (state) {
                case 0 -> head(b);
                case 1 -> length(b);
                default -> {
                    count += b == '\n' ? 1 : 0;
                    payload--;
                    state = payload == 0 ? 0 : 2;
                }
            }
        }
    }

    private void head(byte b) {
        if ((b & MORE) == 0) {
            state = 1;
            payload = 0;
            shift = 0;
        }
    }

    private void length(byte b) {
        payload |= (long) (b & 0x7f) << shift;
        shift += 7;
        if ((b & MORE) == 0) {
            state = payload == 0 ? 0 : 2;
        }
    }
}
