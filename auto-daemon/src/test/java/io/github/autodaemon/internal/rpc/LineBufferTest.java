package io.github.autodaemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineBufferTest {
    private final List<String> lines = new ArrayList<>();

    private LineBuffer buffer(int limit) {
        return new LineBuffer(
                limit, (bytes, length) -> lines.add(new String(bytes, 0, length, StandardCharsets.UTF_8)));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void splitsAtLineFeedsOnly() throws ProtocolException {
        LineBuffer buffer = buffer(100);
        buffer.add(utf8("one\ntwo\r\n\nthr"));
        buffer.add(utf8(""));
        buffer.add(utf8("ee\n"));

        assertThat(lines).containsExactly("one", "two\r", "", "three");
    }

    @Test
    void aCharacterMayComeInPieces() throws ProtocolException {
        LineBuffer buffer = buffer(100);
        byte[] bytes = "\u00e9\u20ac\ud83d\ude00\n".getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            buffer.add(ByteBuffer.wrap(new byte[] {b}));
        }

        assertThat(lines).containsExactly("\u00e9\u20ac\ud83d\ude00");
    }

    @Test
    void aLineOfTheLimitPassesAndOneByteMoreDoesNot() throws ProtocolException {
        LineBuffer buffer = buffer(8);
        buffer.add(utf8("12345678\n"));
        buffer.add(utf8("1234"));
        assertThatThrownBy(() -> buffer.add(utf8("56789")))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a line of more than 8 bytes");

        assertThat(lines).containsExactly("12345678");
    }

    @Test
    void theEndCountsAsALineFeed() throws ProtocolException {
        LineBuffer buffer = buffer(8);
        buffer.finish();
        buffer.add(utf8("a\nb"));
        buffer.finish();
        buffer.finish();

        assertThat(lines).containsExactly("a", "b");
    }

    @Test
    void aLongLineIsWhole() throws ProtocolException {
        LineBuffer buffer = buffer(1 << 20);
        String text = "\u20ac".repeat(100_000);
        byte[] bytes = (text + "\nshort\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += 777) {
            buffer.add(ByteBuffer.wrap(bytes, i, Math.min(777, bytes.length - i)));
        }

        assertThat(lines).containsExactly(text, "short");
    }
}
