package io.github.autodaemon.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LinesTest {
    /** NEW of two channels, a line on channel 1, whose head is a line feed, and a long line on channel 0. */
    private static byte[] frames() {
        byte[] frames = new byte[4 + 5 + 3 + 200];
        System.arraycopy(new byte[] {0, 0, 8, 0, 10, 3, '[', ']', '\n', 2, (byte) 0xc8, 1}, 0, frames, 0, 12);
        frames[frames.length - 1] = '\n';
        return frames;
    }

    @Test
    void countsLinesInFrames() {
        Lines lines = new Lines();

        lines.take(ByteBuffer.wrap(frames()));

        assertThat(lines.count()).isEqualTo(2);
    }

    @Test
    void countsTheSameByteByByte() {
        Lines lines = new Lines();

        for (byte b : frames()) {
            lines.take(ByteBuffer.wrap(new byte[] {b}));
        }

        assertThat(lines.count()).isEqualTo(2);
        assertThat(lines.takeOne()).isTrue();
        assertThat(lines.takeOne()).isTrue();
        assertThat(lines.takeOne()).isFalse();
    }
}
