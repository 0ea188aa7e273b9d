package io.github.autodaemon.internal.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text and plain values: {@code null}, {@link Boolean}, {@link String}, {@link Long}, {@link BigInteger},
 * {@link Double}, {@link BigDecimal}, {@link List}, {@link Map}. A number keeps its value: what does not fit the smaller
 * type comes as the larger.
 *
 * <p>What is usual is read and written by {@link CompactJson}. For the rest only Gson's streaming classes are used here: its adapters cost a command many milliseconds to load.
 */
public final class Json {
    /** Whoever reads, converts or writes what is nested takes some hundred bytes of its stack for each level. */
    public static final int MOST_DEPTH = 500;

    /** Conversions of longer digit strings take quadratic time. */
    static final int MAX_NUMBER = 1000;

    private static final int MAX_BITS = 3400;

    private static final int USUAL_DEPTH = 32;

    private Json() {}

    /** Parses one document. {@code depth} bounds the nesting. */
    public static @Nullable Object parse(String text, int depth) throws IOException {
        Object usual = CompactJson.read(text, Math.min(depth, USUAL_DEPTH));
        return usual == CompactJson.UNUSUAL ? parseAny(text, depth) : usual;
    }

    /** As {@link #parse}, without its short cut. */
    static @Nullable Object parseAny(String text, int depth) throws IOException {
        try {
            return parseOnce(text, depth);
        } catch (MalformedJsonException e) {
            String other = readableDocument(text);
            if (other.equals(text)) {
                throw e;
            }
            return parseOnce(other, depth);
        }
    }

    private static @Nullable Object parseOnce(String text, int depth) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(depth);
        try {
            Object value = read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("more text after the end");
            }
            return value;
        } catch (MalformedJsonException | NumberFormatException | IllegalStateException e) {
            throw new MalformedJsonException(plainly(e), e);
        }
    }

    /** Gson adds advice for programmers and a link, which mean nothing to whoever reads that a peer sent bad text. */
    private static String plainly(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        int place = message.indexOf("malformed JSON at ");
        return message.substring(place < 0 ? 0 : place, end < 0 ? message.length() : end);
    }

    private static @Nullable Object read(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    list.add(read(reader));
                }
                reader.endArray();
                return list;
            }
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = reader.nextName();
                    map.put(name, read(reader));
                }
                reader.endObject();
                return map;
            }
            case STRING -> {
                return reader.nextString();
            }
            case NUMBER -> {
                return number(reader.nextString());
            }
            case BOOLEAN -> {
                return reader.nextBoolean();
            }
            case NULL -> {
                reader.nextNull();
                return null;
            }
            default -> throw new MalformedJsonException("unexpected " + reader.peek());
        }
    }

    private static Number number(String text) throws IOException {
        if (text.length() > MAX_NUMBER) {
            throw new MalformedJsonException(
                    "a number of " + text.length() + " characters, the limit is " + MAX_NUMBER);
        }
        boolean whole = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' || c == 'e' || c == 'E') {
                whole = false;
                break;
            }
        }
        if (whole && !text.equals("-0")) {
            if (text.length() <= 18) {
                return Long.parseLong(text);
            }
            BigInteger big = new BigInteger(text);
            if (big.bitLength() < Long.SIZE) {
                return big.longValue();
            }
            return big;
        }
        double near = Double.parseDouble(text);
        if (Double.isInfinite(near)) {
            return new BigDecimal(text);
        }
        // Up to 15 digits are kept by a double, unless it is one of the smallest.
        if (text.length() > 15 || Math.abs(near) < Double.MIN_NORMAL) {
            BigDecimal exact = new BigDecimal(text);
            if (exact.compareTo(new BigDecimal(Double.toString(near))) != 0) {
                return exact;
            }
        }
        return near;
    }

    /**
     * The text of a value: plain ones, and everything that {@link Values} can carry.
     *
     * @throws IllegalArgumentException when it cannot be carried; says what and why
     */
    public static String text(@Nullable Object value) {
        StringBuilder usual = new StringBuilder(64);
        return CompactJson.write(usual, value, USUAL_DEPTH) ? usual.toString() : textOfAny(value);
    }

    /** Appends what {@link #text} gives. */
    public static void append(StringBuilder out, @Nullable Object value) {
        int length = out.length();
        if (!CompactJson.write(out, value, USUAL_DEPTH)) {
            out.setLength(length);
            out.append(textOfAny(value));
        }
    }

    /** As {@link #text}, without its short cut. */
    static String textOfAny(@Nullable Object value) {
        StringWriter out = new StringWriter(64);
        JsonWriter writer = new JsonWriter(out);
        writer.setSerializeNulls(true);
        try {
            write(writer, value, 0, Values.PLAIN);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return out.toString();
    }

    static void write(JsonWriter writer, @Nullable Object value, int depth, Values values) throws IOException {
        checkDepth(depth);
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof String text) {
            writer.value(text);
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            writer.value(((Number) value).longValue());
        } else if (value instanceof Boolean bool) {
            writer.value(bool);
        } else if (value instanceof Double
                || value instanceof Float
                || value instanceof BigInteger
                || value instanceof BigDecimal) {
            writer.jsonValue(number((Number) value));
        } else if (value instanceof Record || value instanceof Enum || values.hasForm(value)) {
            values.write(writer, value, depth);
        } else if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name(values.key(entry.getKey()));
                write(writer, entry.getValue(), depth + 1, values);
            }
            writer.endObject();
        } else if (value instanceof Iterable<?> items && !(value instanceof Path)) {
            writer.beginArray();
            for (Object item : items) {
                write(writer, item, depth + 1, values);
            }
            writer.endArray();
        } else {
            values.write(writer, value, depth);
        }
    }

    static void checkDepth(int depth) {
        if (depth > Json.MOST_DEPTH) {
            throw new IllegalArgumentException(
                    "the value is nested more than " + Json.MOST_DEPTH + " levels deep; does it contain itself?");
        }
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

    /** The text of a number that is not known to be small. */
    public static String number(Number number) {
        boolean tooLong = (number instanceof BigInteger whole && whole.bitLength() > MAX_BITS)
                || (number instanceof BigDecimal decimal
                        && decimal.unscaledValue().bitLength() > MAX_BITS);
        String text = tooLong ? "" : readable(number.toString());
        if (tooLong || text.length() > MAX_NUMBER) {
            throw new IllegalArgumentException("a number of more than " + MAX_NUMBER + " characters cannot be carried");
        }
        if ((number instanceof Double || number instanceof Float) && !Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException(number + " cannot be carried: JSON has no such number");
        }
        return text;
    }

    /**
     * Gson's reader takes a digit behind digits that make a multiple of 2^64 for one behind a leading zero, and refuses the
     * document. Such a number is written with one digit in front of the point, where it looks at no more than that.
     */
    private static String readable(String text) {
        return isOdd(text) ? oneDigit(new BigDecimal(text)) : text;
    }

    private static boolean isOdd(String number) {
        int first = number.startsWith("-") ? 1 : 0;
        long seen = 0;
        for (int i = first; i < number.length() && isDigit(number.charAt(i)); i++) {
            if (seen == 0 && i > first) {
                return true;
            }
            seen = seen * 10 + (number.charAt(i) - '0');
        }
        return false;
    }

    private static String oneDigit(BigDecimal number) {
        String digits = number.unscaledValue().abs().toString();
        long exponent = (long) digits.length() - 1 - number.scale();
        int length = digits.length();
        while (length > 1 && digits.charAt(length - 1) == '0') {
            length--;
        }
        return (number.signum() < 0 ? "-" : "") + digits.charAt(0) + "."
                + (length > 1 ? digits.substring(1, length) : "0") + "E" + exponent;
    }

    /** A document of somebody who does not know Gson: its numbers as {@link #readable} writes them. */
    private static String readableDocument(String text) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                i = endOfString(text, i);
            } else if (c == '-' || isDigit(c)) {
                int start = i;
                i = endOfNumber(text, i);
                String number = text.substring(start, i);
                String readable = readableNumber(number);
                if (!readable.equals(number)) {
                    out.append(text, copied, start).append(readable);
                    copied = i;
                }
            } else {
                i++;
            }
        }
        return copied == 0 ? text : out.append(text, copied, text.length()).toString();
    }

    private static String readableNumber(String token) {
        // A zero in front makes it no number, and it stays none.
        if (token.length() > MAX_NUMBER || token.startsWith("0") || token.startsWith("-0") || !isOdd(token)) {
            return token;
        }
        int point = token.indexOf('.');
        if (point >= 0 && (point + 1 == token.length() || !isDigit(token.charAt(point + 1)))) {
            // To BigDecimal it is a number.
            return token;
        }
        try {
            return oneDigit(new BigDecimal(token));
        } catch (NumberFormatException e) {
            return token;
        }
    }

    private static int endOfString(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i + 1, text.length());
    }

    private static int endOfNumber(String text, int start) {
        int i = start + 1;
        while (i < text.length() && (isDigit(text.charAt(i)) || ".eE+-".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * UTF-8 of a text, with a line feed behind it. Unpaired surrogates, which UTF-8 does not have, are escaped, and with
     * {@code ascii} everything beyond ASCII is: a Node peer decodes long texts in pieces and damages the characters it
     * cuts.
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

    @SuppressWarnings("deprecation") // What it does wrong with other characters does not matter, and it copies once.
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
