package io.github.autodaemon.internal.json;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text and plain values: {@code null}, {@link Boolean}, {@link String}, {@link Long}, {@link BigInteger},
 * {@link Double}, {@link BigDecimal}, {@link List}, {@link Map}. A number keeps its value: a number that does not fit
 * the smaller type has the larger type.
 */
public final class Json {
    /** The deepest nesting of documents that are read and of values that are written. */
    public static final int MOST_DEPTH = JsonWriter.MOST_DEPTH;

    private static final int USUAL = 64;

    private Json() {}

    /**
     * Parses one document (RFC 8259).
     *
     * @param depth bounds the nesting
     * @throws IOException when the text is no document; says where and why
     */
    public static @Nullable Object parse(String text, int depth) throws IOException {
        return JsonParser.parse(text, depth);
    }

    /**
     * The text of a value: a plain value, or any value that {@link Values} can carry.
     *
     * @throws IllegalArgumentException when the value cannot be carried; says what and why
     */
    public static String text(@Nullable Object value) {
        StringBuilder out = new StringBuilder(USUAL);
        append(out, value);
        return out.toString();
    }

    /** Appends the result of {@link #text}. */
    public static void append(StringBuilder out, @Nullable Object value) {
        JsonWriter.write(out, value, 0, Values.PLAIN);
    }

    /** The text of a number that is not known to be small. */
    public static String number(Number number) {
        return JsonWriter.number(number);
    }

    /** How deep arrays and objects are nested in a document, or in the beginning of one, that was written here. */
    public static int depth(CharSequence text) {
        int depth = 0;
        int deepest = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += c == '\\' ? 1 : 0;
            } else if (c == '[' || c == '{') {
                depth++;
                deepest = Math.max(deepest, depth);
            } else if (c == ']' || c == '}') {
                depth--;
            }
        }
        return deepest;
    }

    /**
     * UTF-8 of a text, with a line feed behind it. Unpaired surrogates, which UTF-8 does not have, are escaped, and
     * with {@code ascii} all non-ASCII characters are: a Node peer decodes long texts in pieces and damages characters
     * at the cuts.
     */
    public static byte[] line(String text, boolean ascii) {
        boolean plain = true;
        boolean unpaired = false;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0x7f) {
                plain = false;
                if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else if (Character.isSurrogate(c)) {
                    unpaired = true;
                }
            }
        }
        if (plain) {
            return asciiLine(text);
        }
        String escaped = ascii || unpaired ? escape(text) : text;
        byte[] encoded = escaped.getBytes(StandardCharsets.UTF_8);
        byte[] line = java.util.Arrays.copyOf(encoded, encoded.length + 1);
        line[encoded.length] = '\n';
        return line;
    }

    @SuppressWarnings("deprecation") // All characters are ASCII, for which the method is correct, and it copies once.
    private static byte[] asciiLine(String text) {
        int length = text.length();
        byte[] line = new byte[length + 1];
        text.getBytes(0, length, line, 0);
        line[length] = '\n';
        return line;
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + text.length() / 2);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= 0x7f) {
                out.append(c);
            } else {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit((c >> shift) & 0xf, 16));
                }
            }
        }
        return out.toString();
    }
}
