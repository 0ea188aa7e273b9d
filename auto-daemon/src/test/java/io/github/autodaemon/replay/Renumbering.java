package io.github.autodaemon.replay;

import java.io.ByteArrayOutputStream;

/**
 * Makes a recorded peer talk about our channels. Its frames about channels that it did not open itself carry the numbers
 * that the recorded other side had chosen; ours are other numbers for the same names.
 */
final class Renumbering {
    private final Conversation recorded = new Conversation();
    private final Conversation ours;

    Renumbering(Conversation ours) {
        this.ours = ours;
    }

    /** The bytes of a recorded segment, as its side would have sent them to us. */
    byte[] translate(Golden.Segment segment) {
        recorded.said(segment.side(), segment.bytes(), 0, segment.bytes().length);
        Side other = segment.side().peer();
        Track track = new Track(segment.bytes());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame = track.frame(); frame != null; frame = track.frame()) {
            String name = track.type() % 2 == 0 ? null : recorded.name(other, track.channel());
            if (name == null) {
                out.writeBytes(frame);
                continue;
            }
            long number = ours.number(other, name);
            // A stream on which we said nothing is no channel yet: there was nothing to acknowledge or to reset.
            if (number >= 0) {
                varint(out, number << 3 | track.type());
                varint(out, track.payload().length);
                out.writeBytes(track.payload());
            }
        }
        out.writeBytes(track.rest());
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
