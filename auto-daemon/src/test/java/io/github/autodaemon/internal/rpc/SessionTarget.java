package io.github.autodaemon.internal.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.fuzz.Input;
import io.github.autodaemon.fuzz.Speech;
import java.io.ByteArrayOutputStream;

/**
 * What a peer can say to a session, as a server's and as a client's, in any order and in any pieces, while the owner of
 * the session answers, reads and writes or does not. An input is a choice of the side and then one step after the other;
 * {@link Subject} knows what must be true.
 */
public final class SessionTarget {
    private static final int MOST_STEPS = 500;
    private static final int MOST_REPEATED = 64 << 10;

    private final Input input;
    private final Subject subject;
    private final boolean server;
    private final Speech speech;
    private int repeatedBytes;

    private SessionTarget(Input input) {
        this.input = input;
        this.server = input.below(2) == 0;
        this.subject = new Subject(server);
        this.speech = new Speech(input);
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        SessionTarget target = new SessionTarget(new Input(bytes));
        target.subject.arrive(Frame.of(0, Frame.NEW));
        target.subject.arrive(Frame.of(1, Frame.NEW));
        for (int i = 0; i < MOST_STEPS && target.input.hasMore(); i++) {
            target.step();
        }
        target.subject.settle();
        Subject.servesOn();
    }

    /** The frames of a client that says one thing. */
    static byte[] said(int channel, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Frame.of(channel, Frame.NEW));
        out.writeBytes(Frame.of(channel, Frame.DATA, text.getBytes(UTF_8)));
        return out.toByteArray();
    }

    private void step() {
        int choice = input.below(24);
        if (choice < Speech.KINDS) {
            subject.arrive(speech.some(choice));
            return;
        }
        switch (choice) {
            case 13 -> repeat();
            case 14 -> subject.cut(1 + input.next());
            case 15 -> subject.cut(4096);
            case 16 -> subject.drain();
            case 17 -> subject.parse();
            case 18, 19 -> subject.answer(input.next(), input.below(4));
            case 20, 21 -> subject.stream(input.next(), input.below(6));
            case 22 -> {
                if (!server) {
                    subject.call(input.below(4) == 0);
                }
            }
            default -> {
                if (!server) {
                    subject.open();
                }
            }
        }
    }

    /** The same thing very often; streams with a name of their own each. */
    private void repeat() {
        int times = 1 << input.below(11);
        int choice = input.below(Speech.KINDS);
        byte[] one = speech.some(choice);
        for (int i = 0; i < times && repeatedBytes < MOST_REPEATED; i++) {
            subject.arrive(one);
            repeatedBytes += one.length;
            one = choice == Speech.OPEN ? Speech.control("[\"open\",[" + (1000 + i) + ",\"echo\",[]],-1]\n") : one;
        }
    }
}
