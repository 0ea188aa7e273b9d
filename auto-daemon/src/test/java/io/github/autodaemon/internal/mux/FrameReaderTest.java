package io.github.autodaemon.internal.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private final List<String> heard = new ArrayList<>();
    private final FrameReader reader = new FrameReader(new FrameReader.Sink() {
        @Override
        public void opened(int channel, String name) {
            heard.add("new " + channel + " " + name);
        }

        @Override
        public void data(boolean initiated, int channel, ByteBuffer bytes) {
            String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
            String start = (initiated ? "data " : "back ") + channel + " ";
            String last = heard.isEmpty() ? "" : heard.get(heard.size() - 1);
            // Pieces of one frame, or of two that follow each other, are the same thing.
            if (last.startsWith(start)) {
                heard.set(heard.size() - 1, last + text);
            } else {
                heard.add(start + text);
            }
        }

        @Override
        public void ended(boolean initiated, int channel) {
            heard.add((initiated ? "end " : "acknowledged ") + channel);
        }

        @Override
        public void reset(boolean initiated, int channel, String message) {
            heard.add((initiated ? "reset " : "refused ") + channel + " " + message);
        }
    });

    private void read(String hex) throws ProtocolException {
        reader.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void everyType() throws ProtocolException {
        read("1000" + "180134" + "12026869" + "11026f6b" + "1400" + "1300" + "16036e6f74" + "150131" + "17026869");

        assertThat(heard)
                .containsExactly(
                        "new 2 2",
                        "new 3 4",
                        "data 2 hi",
                        "back 2 ok",
                        "end 2",
                        "acknowledged 2",
                        "reset 2 not",
                        "refused 2 1");
    }

    @Test
    void overLongNumbersAreLegal() throws ProtocolException {
        read("8a00" + "828000" + "6869");
        read("90" + "80".repeat(98) + "00" + "00");

        assertThat(heard).containsExactly("data 1 hi", "new 2 2");
    }

    @Test
    void aNumberEndsWithinAHundredBytes() {
        assertThatThrownBy(() -> read("80".repeat(101)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a number does not end within 100 bytes");
    }

    @Test
    void aNumberFitsInSixtyThreeBits() throws ProtocolException {
        read("0a" + "ff".repeat(8) + "7f" + "61");
        assertThat(heard).containsExactly("data 1 a");

        FrameReader other = new FrameReader(new Mux(new BytesWire()));
        assertThatThrownBy(() -> other.read(ByteBuffer.wrap(HexFormat.of().parseHex("0a" + "ff".repeat(9) + "01"))))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a number is over 63 bits");
    }

    @Test
    void theHighestChannel() throws ProtocolException {
        read("f8ffffff07" + "0131");
        assertThat(heard).containsExactly("new 268435455 1");

        assertThatThrownBy(() -> read("8080808008"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("channel number 268435456 is over 268435455");
    }

    @Test
    void aNameIsBounded() throws ProtocolException {
        read("108002" + "61".repeat(256));
        assertThat(heard).containsExactly("new 2 " + "a".repeat(256));

        assertThatThrownBy(() -> read("108102"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a channel name of 257 bytes is over 256");
    }

    @Test
    void aResetMessageIsCut() throws ProtocolException {
        read("16a84e" + "61".repeat(10_024) + "1400");

        assertThat(heard).containsExactly("reset 2 " + "a".repeat(4096), "end 2");
    }

    @Test
    void dataOfAnyLengthAreHandedOnAsTheyCome() throws ProtocolException {
        read("0a808080808020" + "61");
        read("62");

        assertThat(heard).containsExactly("data 1 ab");
    }

    @Test
    void anEmptyDataFrameIsNothing() throws ProtocolException {
        read("0a00" + "0a0161" + "0a00");

        assertThat(heard).containsExactly("data 1 a");
    }

    @Test
    void anyCutGivesTheSame() throws ProtocolException {
        long seed = 1807;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                frame(random, out, expected);
            }
            heard.clear();
            byte[] bytes = out.toByteArray();
            for (int from = 0; from < bytes.length; ) {
                int size = Math.min(bytes.length - from, 1 + random.nextInt(1 + random.nextInt(300)));
                reader.read(ByteBuffer.wrap(bytes, from, size));
                from += size;
            }
            assertThat(heard).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    /** A frame written by the library's own writer, and what the reader should make of it. */
    private static void frame(Random random, ByteArrayOutputStream out, List<String> expected) {
        int channel = random.nextInt(1 << (1 + random.nextInt(28)));
        int type = random.nextInt(8);
        byte[] payload = new byte[type == 3 || type == 4 ? 0 : 1 + random.nextInt(200)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('a' + random.nextInt(26));
        }
        byte[] header = new byte[Frames.MAX_HEADER];
        out.write(header, 0, Frames.header(header, 0, channel, type, payload.length));
        out.writeBytes(payload);
        String text = new String(payload, StandardCharsets.US_ASCII);
        switch (type) {
            case Frames.NEW -> expected.add("new " + channel + " " + text);
            case Frames.DATA, Frames.DATA_BY_RECEIVER -> {
                String start = (type == Frames.DATA ? "data " : "back ") + channel + " ";
                String last = expected.isEmpty() ? "" : expected.get(expected.size() - 1);
                if (last.startsWith(start)) {
                    expected.set(expected.size() - 1, last + text);
                } else {
                    expected.add(start + text);
                }
            }
            case Frames.END -> expected.add("end " + channel);
            case Frames.END_BY_RECEIVER -> expected.add("acknowledged " + channel);
            case Frames.RESET -> expected.add("reset " + channel + " " + text);
            case Frames.RESET_BY_RECEIVER -> expected.add("refused " + channel + " " + text);
            default -> {}
        }
    }
}
