package io.github.autodaemon.replay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Both directions of a connection, taken apart by a decoder that shares no code with the library, and told by the names
 * of the streams: channel numbers, the size of frames and the moment of opening are free.
 */
final class Conversation {
    /** Hears of each frame, with the name that its channel has. */
    interface Listener {
        void frame(Side side, String name, int type, byte[] payload);
    }

    static final int NEW = 0;
    static final int DATA_BY_RECEIVER = 1;
    static final int DATA = 2;
    static final int END_BY_RECEIVER = 3;
    static final int END = 4;
    static final int RESET_BY_RECEIVER = 5;
    static final int RESET = 6;

    /** What one side said on one stream. */
    private static final class Said {
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        boolean end;
        boolean acknowledged;
        String message = "";
    }

    /** One direction. */
    private static final class Voice {
        byte[] pending = new byte[0];
        final Map<Long, String> channels = new HashMap<>();
        final Map<String, Long> numbers = new HashMap<>();
        final Map<String, Said> said = new TreeMap<>();
        final List<String> faults = new ArrayList<>();

        Said on(String name) {
            return said.computeIfAbsent(name, n -> new Said());
        }
    }

    private final Map<Side, Voice> voices = new EnumMap<>(Side.class);
    private final Map<String, Side> resetFirst = new HashMap<>();
    private final Listener listener;

    Conversation() {
        this((side, name, type, payload) -> {});
    }

    Conversation(Listener listener) {
        this.listener = listener;
        voices.put(Side.CLIENT, new Voice());
        voices.put(Side.SERVER, new Voice());
    }

    /** All of a recorded conversation. */
    static Conversation of(Golden golden) {
        Conversation conversation = new Conversation();
        for (Golden.Segment segment : golden.segments()) {
            conversation.said(segment.side(), segment.bytes(), 0, segment.bytes().length);
        }
        return conversation;
    }

    /** Adds bytes that {@code side} sent. */
    void said(Side side, byte[] bytes, int offset, int length) {
        Voice voice = voices.get(side);
        byte[] all = Arrays.copyOf(voice.pending, voice.pending.length + length);
        System.arraycopy(bytes, offset, all, voice.pending.length, length);
        Track track = new Track(all);
        while (track.frame() != null) {
            frame(side, track.channel(), track.type(), track.payload());
        }
        voice.pending = track.rest();
    }

    /** The name of a channel that {@code opener} opened; null when it did not. */
    String name(Side opener, long channel) {
        return voices.get(opener).channels.get(channel);
    }

    /** The number of the channel that {@code opener} opened last under this name; -1 when it did not. */
    long number(Side opener, String name) {
        return voices.get(opener).numbers.getOrDefault(name, -1L);
    }

    private void frame(Side side, long channel, int type, byte[] payload) {
        Voice voice = voices.get(side);
        if (type == NEW) {
            String name = payload.length == 0 ? Long.toString(channel) : new String(payload, StandardCharsets.UTF_8);
            voice.channels.put(channel, name);
            voice.numbers.put(name, channel);
            return;
        }
        Voice opener = type % 2 == 0 ? voice : voices.get(side.peer());
        String name = opener.channels.get(channel);
        if (name == null || type == DATA_BY_RECEIVER) {
            voice.faults.add("type " + type + " on channel " + channel + " named " + name);
            return;
        }
        Said said = voice.on(name);
        switch (type) {
            case DATA -> {
                if (said.end) {
                    voice.faults.add("data after the end of " + name);
                }
                said.data.writeBytes(payload);
            }
            case END -> said.end = true;
            case END_BY_RECEIVER -> said.acknowledged = true;
            case RESET, RESET_BY_RECEIVER -> {
                if (payload.length > 0) {
                    said.message = new String(payload, StandardCharsets.UTF_8);
                }
                resetFirst.putIfAbsent(name, side);
            }
            default -> voice.faults.add("type " + type);
        }
        listener.frame(side, name, type, payload);
    }

    /** What {@code side} must never do: send on a channel that is not open, or in the way that npm does not hear. */
    List<String> faults(Side side) {
        return voices.get(side).faults;
    }

    /** The lines that {@code side} sent on a reserved stream. */
    List<String> lines(Side side, String name) {
        Said said = voices.get(side).said.get(name);
        if (said == null) {
            return List.of();
        }
        return said.data.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The bytes that {@code side} sent on a stream. */
    byte[] data(Side side, String name) {
        Said said = voices.get(side).said.get(name);
        return said == null ? new byte[0] : said.data.toByteArray();
    }

    boolean ended(Side side, String name) {
        Said said = voices.get(side).said.get(name);
        return said != null && said.end;
    }

    boolean resetBy(Side side, String name) {
        return resetFirst.get(name) == side;
    }

    /**
     * All that {@code side} said, a line for each stream. An answer to a reset is left out: whether there is one depends
     * on timing at npm's side too.
     */
    String told(Side side) {
        StringBuilder out = new StringBuilder();
        voices.get(side).said.forEach((name, said) -> {
            StringBuilder line = new StringBuilder();
            if (name.equals("0") || name.equals("1")) {
                lines(side, name).forEach(text -> line.append(' ').append(Shown.line(text)));
            } else if (said.data.size() > 0) {
                line.append(' ').append(Shown.bytes(said.data.toByteArray()));
            }
            Side first = resetFirst.get(name);
            if (first == side) {
                line.append(" reset");
                if (!said.message.isEmpty()) {
                    line.append(": ").append(said.message);
                }
            } else if (first == null) {
                line.append(said.end ? " end" : "").append(said.acknowledged ? " ack" : "");
            }
            if (line.length() > 0) {
                out.append(name).append(':').append(line).append('\n');
            }
        });
        return out.toString();
    }
}
