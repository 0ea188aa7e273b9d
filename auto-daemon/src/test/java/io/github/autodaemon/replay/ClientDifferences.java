package io.github.autodaemon.replay;

import java.util.HashMap;
import java.util.Map;

/** Where a caller hears, or a client says, something else than with npm's client, and why. */
final class ClientDifferences {
    static final Map<String, String> HEARD = new HashMap<>();
    static final Map<String, String> SAID = new HashMap<>();

    private ClientDifferences() {}

    static String different(Map<String, String> table, Golden golden, String recorded) {
        String different = table.get(golden.id());
        if (recorded.equals(different)) {
            throw new IllegalStateException(golden.name() + " does not differ");
        }
        return different == null ? recorded : different;
    }

    private static void differs(Map<String, String> table, String id, String why, String expected) {
        if (why.isEmpty() || table.put(id, expected) != null) {
            throw new IllegalStateException(id);
        }
    }

    static {
        differs(HEARD, "b5", "a name that is null makes an answer, as with npm", """
                2: [3]
                """);
        differs(HEARD, "b6", "npm's client dies of a line that is not JSON; here the call fails", """
                2 lost: broken
                broken: a line that is not JSON: {oops (malformed JSON at character 2: a name is missing)
                """);
        differs(HEARD, "b7", "as with npm, but for what is said to the daemon", """
                2: [3]
                """);
        differs(
                HEARD,
                "b8",
                "npm's client gives out what came before the reset; here a reset drops what is unread",
                """
                stream 2: "" failed: disk full
                """);
        differs(
                HEARD,
                "b9",
                "npm's client gives out what came before the reset; here a reset drops what is unread",
                """
                stream 2: "" failed: no thanks
                """);
        differs(HEARD, "c0", "npm's client dies of a reset that nobody listens to; here the reader fails", """
                stream 2: "" failed: the peer cancelled the stream
                """);
        differs(HEARD, "c1", "npm calls it 'Channel destroyed'", """
                stream 2: "" failed: the peer cancelled the stream
                """);
        differs(HEARD, "c8", "npm's client dies of a reset of its calls; here the call fails", """
                2 lost: broken
                broken: the peer reset the reserved stream "1"
                """);
        differs(HEARD, "d5", "npm's client dies of an answer that is no array; here the call fails", """
                2 lost: broken
                broken: the arguments of an answer are no array: 5
                """);
        differs(HEARD, "d6", "npm takes an object with a length for an array; here the call fails", """
                2 lost: broken
                broken: the arguments of an answer are no array: {"0":7,"length":1}
                """);
        differs(SAID, "b7", "the error texts are those of V8, and a stream that is refused is reset", """
                1: ["add",[2],2] [[{"message":"no method"}],5]
                2: reset: no stream method
                """);
        differs(SAID, "c7", "npm ends its own half when the daemon ends its; we never end the calls", """
                1: ["add",[2],2] ack
                """);
    }
}
