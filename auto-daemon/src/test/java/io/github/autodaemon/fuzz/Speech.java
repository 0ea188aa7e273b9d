package io.github.autodaemon.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a peer may say: frames with lines in them, frames with anything, and what is none. */
public final class Speech {
    /** How many kinds of things there are to say. */
    public static final int KINDS = 13;

    /** The kind that is a request for a stream. */
    public static final int OPEN = 2;

    private static final String[] CONTROLS = {
        "\"hello\"", "\"open\"", "\"status\"", "\"retire\"", "\"stop\"", "\"cancel\"", "\"credit\"", "null", "7", "[[]]"
    };

    private final Input input;
    private int id = 1;

    /** Things to say. */
    public Speech(Input input) {
        this.input = input;
    }

    /** Something of this kind. */
    public byte[] some(int kind) {
        return switch (kind) {
            case 0 -> input.bytes();
            case 1 -> call("[" + Grammar.text(input) + "," + Grammar.list(input) + "," + id() + "]\n");
            case OPEN -> control(open());
            case 3 ->
                control("[" + CONTROLS[input.below(CONTROLS.length)] + "," + Grammar.list(input) + "," + id() + "]\n");
            case 4 -> call("[" + Grammar.list(input) + "," + input.number() + "]\n");
            case 5 -> control(Grammar.value(input) + "\n");
            case 6 -> call(Grammar.value(input) + "\n");
            case 7 -> Frame.of(channel(), Frame.NEW, input.bytes());
            case 8 -> Frame.of(channel(), Frame.DATA, input.bytes());
            case 9 -> Frame.of(channel(), Frame.DATA, new byte[4 * input.next()]);
            case 10 -> Frame.of(channel(), input.below(8), input.bytes());
            case 11 -> Frame.header(channel(), input.below(8), input.number());
            default -> call("[\"echo\",[\"" + "a".repeat(256 * input.next()) + "\"]," + id() + "]\n");
        };
    }

    private String open() {
        int name = input.next();
        return "[\"open\",[" + (name < 200 ? '"' + Integer.toString(name) + '"' : Grammar.value(input)) + ","
                + Grammar.text(input) + "," + Grammar.list(input) + "]," + id() + "]\n";
    }

    private String id() {
        int choice = input.next();
        return choice < 224 ? Integer.toString(++id) : choice < 240 ? "-1" : Grammar.value(input);
    }

    private long channel() {
        int choice = input.next();
        return choice < 200 ? choice % 8 : input.number() & ((1 << 29) - 1);
    }

    /** A line on the stream of the library itself. */
    public static byte[] control(String line) {
        return Frame.of(0, Frame.DATA, line.getBytes(UTF_8));
    }

    /** A line on the stream of calls. */
    public static byte[] call(String line) {
        return Frame.of(1, Frame.DATA, line.getBytes(UTF_8));
    }
}
