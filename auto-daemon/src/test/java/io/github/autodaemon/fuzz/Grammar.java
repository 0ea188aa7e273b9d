package io.github.autodaemon.fuzz;

import java.nio.charset.StandardCharsets;

/** JSON, mostly, out of an {@link Input}. */
public final class Grammar {
    private static final int DEEPEST = 6;

    private static final String[] WORDS = {
        "hello",
        "open",
        "status",
        "retire",
        "stop",
        "cancel",
        "fingerprint",
        "echo",
        "fail",
        "later",
        "close",
        "",
        "message",
        "autodaemon",
        "role",
        "daemon",
        "client",
        "probe",
        "pid",
        "refused",
        "version",
        "service",
        "started",
        "foreground",
        "0",
        "1",
        "2",
        "3",
        "\\u0000",
        "\\ud800",
        "ä",
        "x"
    };

    private static final String[] SCALARS = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "1.5",
        "1e5",
        "1E400",
        "-1e-400",
        "1e999999999",
        "1e99999999999",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
        "4294967295",
        "0.1000000000000000055"
    };

    private Grammar() {}

    /** A text between quotation marks. */
    public static String text(Input input) {
        int choice = input.next();
        if (choice < 192) {
            return '"' + WORDS[choice % WORDS.length] + '"';
        }
        if (choice < 200) {
            return '"' + "a".repeat(8 * input.next()) + '"';
        }
        return '"' + new String(input.bytes(), StandardCharsets.UTF_8) + '"';
    }

    /** A list of values. */
    public static String list(Input input) {
        return list(input, 0);
    }

    /** Any value, or what only looks like one. */
    public static String value(Input input) {
        return value(input, 0);
    }

    private static String list(Input input, int depth) {
        StringBuilder out = new StringBuilder("[");
        int size = input.below(5);
        for (int i = 0; i < size; i++) {
            out.append(i == 0 ? "" : ",").append(value(input, depth + 1));
        }
        return out.append(']').toString();
    }

    private static String value(Input input, int depth) {
        int choice = input.below(16);
        if (depth > DEEPEST) {
            choice &= 3;
        }
        return switch (choice) {
            case 0, 1 -> SCALARS[input.below(SCALARS.length)];
            case 2 -> Long.toString(input.number());
            case 3, 4, 5 -> text(input);
            case 6, 7, 8 -> list(input, depth);
            case 9, 10 -> map(input, depth);
            case 11 -> hello(input);
            case 12 -> nested(input.next());
            case 13 -> "9".repeat(1 + 5 * input.next());
            case 14 -> keys(input.next());
            default -> new String(input.bytes(), StandardCharsets.UTF_8);
        };
    }

    private static String map(Input input, int depth) {
        StringBuilder out = new StringBuilder("{");
        int size = input.below(5);
        for (int i = 0; i < size; i++) {
            out.append(i == 0 ? "" : ",").append(text(input)).append(':').append(value(input, depth + 1));
        }
        return out.append('}').toString();
    }

    private static String hello(Input input) {
        return "{\"autodaemon\":1,\"role\":" + text(input) + "," + text(input) + ":" + value(input, DEEPEST) + "}";
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private static String keys(int count) {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ",").append('"').append(i).append("\":0");
        }
        return out.append('}').toString();
    }
}
