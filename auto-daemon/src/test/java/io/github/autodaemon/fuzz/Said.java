package io.github.autodaemon.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one side said, read a second time and by other code than the library's: the lines of its two reserved streams. Up
 * to the first thing that is no frame.
 */
public final class Said {
    private static final long HIGHEST = (1 << 28) - 1;
    private static final int LONGEST_NUMBER = 100;

    private final byte[] bytes;
    private int position;
    private boolean whole = true;
    private final Map<Long, String> names = new HashMap<>();
    private final Map<String, ByteArrayOutputStream> data = new HashMap<>();

    /** What these bytes say. */
    public Said(byte[] bytes) {
        this.bytes = bytes;
        while (position < bytes.length && whole) {
            frame();
        }
    }

    private void frame() {
        long header = number();
        long length = whole ? number() : 0;
        if (!whole || header >>> 3 > HIGHEST) {
            whole = false;
            return;
        }
        long channel = header >>> 3;
        int size = (int) Math.min(length, bytes.length - position);
        whole = size == length;
        int type = (int) (header & 7);
        if (type == Frame.NEW && whole) {
            String name = new String(bytes, position, size, StandardCharsets.UTF_8);
            names.put(channel, name.isEmpty() ? Long.toString(channel) : name);
        } else if (type == Frame.DATA) {
            String name = names.get(channel);
            if (name != null) {
                data.computeIfAbsent(name, unused -> new ByteArrayOutputStream())
                        .write(bytes, position, size);
            }
        }
        position += size;
    }

    private long number() {
        long value = 0;
        for (int i = 0; i < LONGEST_NUMBER && position < bytes.length; i++) {
            byte next = bytes[position++];
            if (i < 9) {
                value |= (next & 0x7fL) << (7 * i);
            } else if ((next & 0x7f) != 0) {
                break;
            }
            if (next >= 0) {
                return value;
            }
        }
        whole = false;
        return 0;
    }

    /** Whether all of it were frames, the last one with its end. */
    public boolean isWhole() {
        return whole;
    }

    /** The lines on a reserved stream, without their line feeds; the last one may have had none. */
    public List<byte[]> lines(String name) {
        List<byte[]> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteArrayOutputStream all = data.get(name);
        for (byte b : all == null ? new byte[0] : all.toByteArray()) {
            if (b == '\n') {
                lines.add(line.toByteArray());
                line.reset();
            } else {
                line.write(b);
            }
        }
        lines.add(line.toByteArray());
        return lines;
    }
}
