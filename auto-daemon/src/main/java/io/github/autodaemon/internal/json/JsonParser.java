package io.github.autodaemon.internal.json;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON document (RFC 8259) as plain values; see {@link Json}. */
final class JsonParser {
    /** Conversions of longer digit strings take quadratic time. */
    static final int MAX_NUMBER = 1000;

    /** A long holds any number of so many digits. */
    private static final int SURE_DIGITS = 18;

    /** A double keeps any number of so many digits, unless it is one of the smallest. */
    private static final int EXACT_DIGITS = 15;

    private static final int HEX_DIGITS = 4;

    private final String text;
    private final int maxDepth;
    private int at;

    private JsonParser(String text, int maxDepth) {
        this.text = text;
        this.maxDepth = maxDepth;
    }

    /** The value of a document. {@code depth} bounds the nesting. */
    static @Nullable Object parse(String text, int depth) throws IOException {
        JsonParser parser = new JsonParser(text, depth);
        Object value = parser.value(0);
        if (parser.next() >= 0) {
            throw parser.malformed("more text after the end");
        }
        return value;
    }

    private IOException malformed(String why) {
        return new IOException("malformed JSON at character " + (at + 1) + ": " + why);
    }

    /** The character at which the next token begins; -1 at the end. */
    private int next() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c;
            }
            at++;
        }
        return -1;
    }

    private boolean takes(char c) {
        if (next() == c) {
            at++;
            return true;
        }
        return false;
    }

    private void take(char c) throws IOException {
        if (!takes(c)) {
            throw malformed("'" + c + "' is missing");
        }
    }

    private @Nullable Object value(int depth) throws IOException {
        return switch (next()) {
            case '"' -> string();
            case '[' -> list(deeper(depth));
            case '{' -> map(deeper(depth));
            case 'n' -> word("null", null);
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw malformed(at == text.length() ? "it ends too early" : "no value begins so");
        };
    }

    private int deeper(int depth) throws IOException {
        if (depth == maxDepth) {
            throw malformed("nested more than " + maxDepth + " levels deep");
        }
        return depth + 1;
    }

    private @Nullable Object word(String word, @Nullable Object meaning) throws IOException {
        if (!text.startsWith(word, at)) {
            throw malformed("no value begins so");
        }
        at += word.length();
        return meaning;
    }

    private List<@Nullable Object> list(int depth) throws IOException {
        at++;
        List<@Nullable Object> list = new ArrayList<>(4);
        if (takes(']')) {
            return list;
        }
        do {
            list.add(value(depth));
        } while (takes(','));
        take(']');
        return list;
    }

    /** If two members have one name, the last counts. */
    private Map<String, @Nullable Object> map(int depth) throws IOException {
        at++;
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (takes('}')) {
            return map;
        }
        do {
            if (next() != '"') {
                throw malformed("a name is missing");
            }
            String name = string();
            take(':');
            map.put(name, value(depth));
        } while (takes(','));
        take('}');
        return map;
    }

    private String string() throws IOException {
        int copied = at + 1;
        StringBuilder unescaped = null;
        for (at = copied; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                String rest = text.substring(copied, at++);
                return unescaped == null ? rest : unescaped.append(rest).toString();
            }
            if (c < ' ') {
                throw malformed("a control character in a text");
            }
            if (c == '\\') {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, copied, at);
                at++;
                unescaped.append(escaped());
                copied = at + 1;
            }
        }
        throw malformed("a text does not end");
    }

    /** The character of an escape sequence; stays at the last character of the sequence. */
    private char escaped() throws IOException {
        char c = at < text.length() ? text.charAt(at) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < HEX_DIGITS; i++) {
                    at++;
                    char digit = at < text.length() ? text.charAt(at) : 0;
                    int value = digit < 0x80 ? Character.digit(digit, 16) : -1;
                    if (value < 0) {
                        throw malformed("four hexadecimal digits are missing");
                    }
                    code = code << HEX_DIGITS | value;
                }
                yield (char) code;
            }
            default -> throw malformed("no character is escaped so");
        };
    }

    private Number number() throws IOException {
        int start = at;
        boolean negative = text.charAt(at) == '-';
        at += negative ? 1 : 0;
        int from = at;
        long value = digits();
        if (text.charAt(from) == '0' && at > from + 1) {
            throw malformed("a number begins with a zero");
        }
        int whole = at - from;
        boolean fraction = at < text.length() && text.charAt(at) == '.';
        if (fraction) {
            at++;
            digits();
        }
        boolean exponent = at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E');
        if (exponent) {
            at++;
            boolean signed = at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
            at += signed ? 1 : 0;
            digits();
        }
        boolean negativeZero = negative && whole == 1 && text.charAt(from) == '0';
        if (!fraction && !exponent && !negativeZero && whole <= SURE_DIGITS) {
            return negative ? -value : value;
        }
        if (at - start > MAX_NUMBER) {
            throw malformed("a number of " + (at - start) + " characters, the limit is " + MAX_NUMBER);
        }
        String number = text.substring(start, at);
        try {
            return fraction || exponent || negativeZero ? decimal(number) : whole(number);
        } catch (NumberFormatException e) {
            throw malformed("a number with an exponent out of range");
        }
    }

    /** Takes digits, at least one; returns their value, if they are few. */
    private long digits() throws IOException {
        int from = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = value * 10 + (text.charAt(at) - '0');
            at++;
        }
        if (at == from) {
            throw malformed("a digit is missing");
        }
        return value;
    }

    private static Number whole(String number) {
        BigInteger big = new BigInteger(number);
        return big.bitLength() < Long.SIZE ? (Number) big.longValue() : big;
    }

    private static Number decimal(String number) {
        double near = Double.parseDouble(number);
        if (Double.isInfinite(near)) {
            return new BigDecimal(number);
        }
        if (number.length() > EXACT_DIGITS || Math.abs(near) < Double.MIN_NORMAL) {
            BigDecimal exact = new BigDecimal(number);
            if (exact.compareTo(new BigDecimal(Double.toString(near))) != 0) {
                return exact;
            }
        }
        return near;
    }
}
