package io.github.autodaemon.internal.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON text, without white space; see {@link Json}. */
final class JsonWriter {
    /** A thread that reads, converts or writes nested values takes some hundred bytes of its stack for each level. */
    static final int MOST_DEPTH = 500;

    private static final int MAX_BITS = 3400;
    private static final int LONG = 1024;

    private JsonWriter() {}

    /**
     * Appends a value at a depth of nesting. {@code mapper} writes values that are neither plain nor lists or maps.
     *
     * @throws IllegalArgumentException when the value cannot be carried; says what and why
     */
    static void write(StringBuilder out, @Nullable Object value, int depth, Mapper mapper) {
        checkDepth(depth);
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            quote(out, text);
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Boolean
                || value instanceof Short
                || value instanceof Byte) {
            out.append(value);
        } else if (value instanceof Double
                || value instanceof Float
                || value instanceof BigInteger
                || value instanceof BigDecimal) {
            out.append(number((Number) value));
        } else if (value instanceof Record || value instanceof Enum || mapper.isMapped(value)) {
            mapper.write(out, value, depth);
        } else if (value instanceof Map<?, ?> map) {
            out.append('{');
            boolean more = false;
            for (Map.Entry<?, ?> member : map.entrySet()) {
                name(out, mapper.key(member.getKey()), more);
                more = true;
                write(out, member.getValue(), depth + 1, mapper);
            }
            out.append('}');
        } else if (value instanceof Iterable<?> items && !(value instanceof Path)) {
            out.append('[');
            boolean more = false;
            for (Object item : items) {
                if (more) {
                    out.append(',');
                }
                more = true;
                write(out, item, depth + 1, mapper);
            }
            out.append(']');
        } else {
            mapper.write(out, value, depth);
        }
    }

    /** Appends the name of a member of an object. */
    static void name(StringBuilder out, String name, boolean more) {
        if (more) {
            out.append(',');
        }
        quote(out, name);
        out.append(':');
    }

    static void checkDepth(int depth) {
        if (depth > MOST_DEPTH) {
            throw new IllegalArgumentException(
                    "the value is nested more than " + MOST_DEPTH + " levels deep; does it contain itself?");
        }
    }

    /**
     * Appends a text. Besides the required characters, the two line ends of Unicode are escaped, which old JavaScript
     * did not accept.
     */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        int written = 0;
        int length = text.length();
        if (length > LONG) {
            // Else a long text is copied more than once while the buffer grows.
            out.ensureCapacity(out.length() + length + LONG);
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029') {
                out.append(text, written, i);
                escape(out, c);
                written = i + 1;
            }
        }
        out.append(text, written, length).append('"');
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

    /** The text of a number that is not known to be small. */
    static String number(Number number) {
        if ((number instanceof Double || number instanceof Float) && !Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException(number + " cannot be carried: JSON has no such number");
        }
        // The text of a long number takes quadratic time.
        boolean tooLong = (number instanceof BigInteger whole && whole.bitLength() > MAX_BITS)
                || (number instanceof BigDecimal decimal
                        && decimal.unscaledValue().bitLength() > MAX_BITS);
        String text = tooLong ? "" : number.toString();
        if (tooLong || text.length() > JsonParser.MAX_NUMBER) {
            throw new IllegalArgumentException(
                    "a number of more than " + JsonParser.MAX_NUMBER + " characters cannot be carried");
        }
        return text;
    }
}
