package io.github.autodaemon.internal.mux;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.fuzz.Input;
import io.github.autodaemon.internal.mux.Mux.SharedStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Any bytes as frames: in one piece and in pieces they mean the same, only a {@link ProtocolException} comes out, and
 * what is held, written and open is bounded. An input is a count, that many sizes of pieces, and the bytes.
 */
public final class FramesTarget {
    private static final int MAX_NAME = 256;
    private static final int MAX_MESSAGE = 4096;
    private static final int MAX_ANSWER = 64;

    private FramesTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        Input input = new Input(bytes);
        int[] sizes = new int[1 + input.below(8)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 1 + input.next();
        }
        byte[] stream = input.rest();
        int[] whole = {Math.max(1, stream.length)};
        same(events(stream, whole), events(stream, sizes));
        same(conversation(stream, whole), conversation(stream, sizes));
    }

    private static void same(List<String> whole, List<String> pieces) {
        if (!whole.equals(pieces)) {
            throw new AssertionError("in one piece " + whole + ", in pieces " + pieces);
        }
    }

    private interface Consumer {
        void take(ByteBuffer piece) throws ProtocolException;
    }

    private static void feed(byte[] stream, int[] sizes, Consumer to, List<String> heard) {
        try {
            int from = 0;
            for (int i = 0; from < stream.length; i++) {
                int size = Math.min(sizes[i % sizes.length], stream.length - from);
                ByteBuffer piece = ByteBuffer.wrap(stream, from, size);
                to.take(piece);
                check(!piece.hasRemaining(), "bytes were left over");
                from += size;
            }
        } catch (ProtocolException e) {
            heard.add("broken: " + e.getMessage());
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static List<String> events(byte[] stream, int[] sizes) {
        Events events = new Events();
        FrameReader reader = new FrameReader(events);
        feed(stream, sizes, reader::read, events.heard);
        return events.heard;
    }

    private static final class Events implements FrameReader.Sink {
        final List<String> heard = new ArrayList<>();
        private String last = "";

        private void add(String event) {
            heard.add(event);
            last = "";
        }

        @Override
        public void opened(int channel, String name) {
            check(name.length() <= MAX_NAME, "a name of " + name.length());
            add("new " + channel + " " + name);
        }

        @Override
        public void data(boolean initiated, int channel, ByteBuffer bytes) {
            check(bytes.hasRemaining(), "no data");
            String start = "data " + initiated + " " + channel + " ";
            String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
            if (last.equals(start)) {
                int index = heard.size() - 1;
                heard.set(index, heard.get(index) + text);
            } else {
                heard.add(start + text);
                last = start;
            }
        }

        @Override
        public void ended(boolean initiated, int channel) {
            add("end " + initiated + " " + channel);
        }

        @Override
        public void reset(boolean initiated, int channel, String message) {
            check(message.length() <= MAX_MESSAGE, "a message of " + message.length());
            add("reset " + initiated + " " + channel + " " + message);
        }
    }

    /** What the streams of a multiplexer hear, and all that it writes. */
    private static List<String> conversation(byte[] stream, int[] sizes) {
        BytesWire wire = new BytesWire();
        Mux mux = new Mux(wire);
        List<String> heard = new ArrayList<>();
        Map<String, Echo> echoes = new HashMap<>();
        for (String name : List.of("0", "1", "2", "3", "a", "")) {
            echoes.put(name, new Echo(mux, name, heard, echoes));
        }
        int streams = mux.streams();
        feed(stream, sizes, mux::receive, heard);
        check(mux.streams() <= streams, "more streams than were made");
        String written = wire.taken();
        checkFrames(HexFormat.of().parseHex(written));
        check(
                written.length() / 2 <= (long) MAX_ANSWER * (stream.length + 1),
                written.length() / 2 + " bytes for " + stream.length);
        mux.lost("over");
        check(mux.streams() == 0, "streams are left");
        heard.add("wrote " + written);
        echoes.values().forEach(echo -> heard.add(echo.name + " got " + Arrays.toString(echo.sum)));
        for (Echo echo : echoes.values()) {
            check(echo.overs <= 1, "a stream was over " + echo.overs + " times");
        }
        return heard;
    }

    /** What this side writes are whole frames. */
    private static void checkFrames(byte[] written) {
        Events events = new Events();
        FrameReader reader = new FrameReader(events);
        try {
            reader.read(ByteBuffer.wrap(written));
            reader.read(ByteBuffer.wrap(Frame.of(5, Frame.NEW, (byte) 'z')));
        } catch (ProtocolException e) {
            throw new AssertionError("what was written are no frames", e);
        }
        check(events.heard.get(events.heard.size() - 1).equals("new 5 z"), "what was written does not end");
    }

    /** Answers the end of a stream by an end, and forgets the data but for a sum, which has no pieces. */
    private static final class Echo implements SharedStream.Sink {
        private final String name;
        private final List<String> heard;
        private final Map<String, Echo> all;
        private final SharedStream stream;
        private final long[] sum = new long[2];
        private int overs;

        Echo(Mux mux, String name, List<String> heard, Map<String, Echo> all) {
            this.name = name;
            this.heard = heard;
            this.all = all;
            this.stream = mux.stream(name, this);
        }

        @Override
        public void data(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                sum[0]++;
                sum[1] = sum[1] * 31 + bytes.get();
            }
            // Whoever reads is slow: an end is acknowledged when something else has come.
            all.values().forEach(echo -> echo.stream.acknowledgeEnd());
        }

        @Override
        public void end() {
            heard.add(name + " end");
            stream.end();
        }

        @Override
        public void reset(String message) {
            overs++;
            heard.add(name + " reset " + message);
        }

        @Override
        public void lost(String reason) {
            overs++;
            heard.add(name + " lost " + reason);
        }
    }
}
