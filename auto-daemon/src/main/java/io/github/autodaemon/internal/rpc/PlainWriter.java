package io.github.autodaemon.internal.rpc;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what most calls consist of: texts, whole numbers, truth values, and lists and maps of these. It writes what Gson's
 * writer does, whose patterns for numbers take longer to compile than a command takes for its call.
 */
final class PlainWriter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(64);

    private PlainWriter() {}

    /** The text of a value; null when something else is in it. */
    static @Nullable String text(@Nullable Object value) {
        PlainWriter writer = new PlainWriter();
        return writer.write(value, 0) ? writer.out.toString() : null;
    }

    private boolean write(@Nullable Object value, int depth) {
        Json.checkDepth(depth);
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Long || value instanceof Integer) {
            out.append(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            out.append(truth.booleanValue());
        } else if (value instanceof List<?> list) {
            return write(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            return write(map, depth);
        } else {
            return false;
        }
        return true;
    }

    private boolean write(List<?> list, int depth) {
        char before = '[';
        for (Object item : list) {
            out.append(before);
            if (!write(item, depth + 1)) {
                return false;
            }
            before = ',';
        }
        if (before == '[') {
            out.append('[');
        }
        out.append(']');
        return true;
    }

    private boolean write(Map<?, ?> map, int depth) {
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(before);
            if (!(entry.getKey() instanceof String name)) {
                return false;
            }
            quote(name);
            out.append(':');
            if (!write(entry.getValue(), depth + 1)) {
                return false;
            }
            before = ',';
        }
        if (before == '{') {
            out.append('{');
        }
        out.append('}');
        return true;
    }

    private void quote(String text) {
        out.append('"');
        int written = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029') {
                out.append(text, written, i);
                escape(c);
                written = i + 1;
            }
        }
        out.append(text, written, length).append('"');
    }

    private void escape(char c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            default -> {
                out.append('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX[c >> shift & 0xf]);
                }
            }
        }
    }
}
