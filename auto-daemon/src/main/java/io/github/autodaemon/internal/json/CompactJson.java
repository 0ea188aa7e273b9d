package io.github.autodaemon.internal.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as nearly all of it is that programs write: no white space, whole numbers of at most 18 digits, and, where it is read,
 * no escaped characters. Whatever else there is, malformed documents included, is {@link #UNUSUAL} and left to the reader and the writer that know
 * all of it, which take several times as long and, in a command, milliseconds to load.
 */
final class CompactJson {
    /** In the place of a value: it is not for this class. */
    static final Object UNUSUAL = new Object();

    private static final int MAX_DIGITS = 18;
    private static final int LONG = 1024;

    private final String text;
    private int at;

    private CompactJson(String text) {
        this.text = text;
    }

    /** What a document says, if it is usual. {@code depth} bounds the nesting. */
    static @Nullable Object read(String text, int depth) {
        CompactJson reader = new CompactJson(text);
        Object value = reader.value(depth);
        return reader.at == text.length() ? value : UNUSUAL;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean takes(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private @Nullable Object value(int depth) {
        char c = peek();
        return switch (c) {
            case '"' -> string();
            case '[' -> depth > 0 ? list(depth - 1) : UNUSUAL;
            case '{' -> depth > 0 ? map(depth - 1) : UNUSUAL;
            case 'n' -> word("null", null);
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            default -> number(c);
        };
    }

    private @Nullable Object word(String word, @Nullable Object meaning) {
        if (text.startsWith(word, at)) {
            at += word.length();
            return meaning;
        }
        return UNUSUAL;
    }

    private Object string() {
        int from = at + 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                at = i + 1;
                return text.substring(from, i);
            }
            if (c == '\\' || c < ' ') {
                return UNUSUAL;
            }
        }
        return UNUSUAL;
    }

    private Object number(char first) {
        int from = first == '-' ? at + 1 : at;
        int i = from;
        long value = 0;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            value = value * 10 + (text.charAt(i) - '0');
            i++;
        }
        int digits = i - from;
        char next = i < text.length() ? text.charAt(i) : ',';
        boolean whole = next == ',' || next == ']' || next == '}';
        if (digits == 0
                || digits > MAX_DIGITS
                || !whole
                || (text.charAt(from) == '0' && (digits > 1 || first == '-'))) {
            return UNUSUAL;
        }
        at = i;
        return first == '-' ? -value : value;
    }

    private Object list(int depth) {
        at++;
        List<@Nullable Object> list = new ArrayList<>(4);
        if (takes(']')) {
            return list;
        }
        do {
            @Nullable Object element = value(depth);
            if (element == UNUSUAL) {
                return UNUSUAL;
            }
            list.add(element);
        } while (takes(','));
        return takes(']') ? list : UNUSUAL;
    }

    private Object map(int depth) {
        at++;
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (takes('}')) {
            return map;
        }
        do {
            Object name = peek() == '"' ? string() : UNUSUAL;
            @Nullable Object member = name != UNUSUAL && takes(':') ? value(depth) : UNUSUAL;
            if (member == UNUSUAL) {
                return UNUSUAL;
            }
            map.put((String) name, member);
        } while (takes(','));
        return takes('}') ? map : UNUSUAL;
    }

    /** Writes a value, if it is usual; else false, and what was written is of no use. */
    static boolean write(StringBuilder out, @Nullable Object value, int depth) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String string) {
            return write(out, string);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            out.append(value);
        } else if (depth == 0 || value instanceof Record || value instanceof Enum) {
            return false;
        } else if (value instanceof List<?> list) {
            return writeList(out, list, depth - 1);
        } else if (value instanceof Map<?, ?> map) {
            return writeMap(out, map, depth - 1);
        } else {
            return false;
        }
        return true;
    }

    /** Escapes what Gson's writer does, in the same way. */
    private static boolean write(StringBuilder out, String string) {
        out.append('"');
        int written = 0;
        int length = string.length();
        if (length > LONG) {
            // Else a long one is copied more than once while the buffer grows.
            out.ensureCapacity(out.length() + length + LONG);
        }
        for (int i = 0; i < length; i++) {
            char c = string.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029') {
                out.append(string, written, i);
                escape(out, c);
                written = i + 1;
            }
        }
        out.append(string, written, length).append('"');
        return true;
    }

    private static void escape(StringBuilder out, char c) {
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
                    out.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            }
        }
    }

    private static boolean writeList(StringBuilder out, List<?> list, int depth) {
        out.append('[');
        boolean more = false;
        for (Object element : list) {
            if (more) {
                out.append(',');
            }
            more = true;
            if (!write(out, element, depth)) {
                return false;
            }
        }
        out.append(']');
        return true;
    }

    private static boolean writeMap(StringBuilder out, Map<?, ?> map, int depth) {
        out.append('{');
        boolean more = false;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (more) {
                out.append(',');
            }
            more = true;
            boolean written = member.getKey() instanceof String name
                    && write(out, name)
                    && write(out.append(':'), member.getValue(), depth);
            if (!written) {
                return false;
            }
        }
        out.append('}');
        return true;
    }
}
