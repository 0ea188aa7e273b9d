package io.github.autodaemon.replay;

import java.util.HashMap;
import java.util.Map;

/** What this library answers to hand-made bytes where npm's daemon answered something else, and why. */
final class RawServerDifferences {
    static final Map<String, String> SAID = new HashMap<>();

    private RawServerDifferences() {}

    private static void differs(String id, String why, String said) {
        if (why.isEmpty() || SAID.put(id, said) != null) {
            throw new IllegalStateException(id);
        }
    }

    static {
        differs("73", "npm damages a character that comes in two frames", """
                1: [["é"],2]
                """);
        differs("79", "both end the connection; here with a reason", """
                broken: a number does not end within 100 bytes
                """);
        differs("80", "npm's daemon dies of a line that is not JSON; here the connection ends", """
                broken: a line that is not JSON: {oops (malformed JSON at character 2: a name is missing)
                """);
        differs("82", "npm's daemon dies of null; here the connection ends", """
                broken: neither a call nor an answer: null
                """);
        differs("84", "npm's daemon dies of arguments that are null", """
                1: [[{"message":"the arguments of \\"add\\" are no array: null"}],2]
                """);
        differs("85", "the error texts are those of V8; npm takes an array for a method name", """
                1: [[{"message":"the arguments of \\"add\\" are no array: {}"}],2] [[{"message":"the arguments of \\"add\\" are no array: \\"str\\""}],3] [[{"message":"the arguments of \\"add\\" are no array: 5"}],4] [[{"message":"no method"}],5] [[{"message":"no method"}],6] [[1],7] [[{"message":"failed"}],8] [[{"message":"no method"}],9] [[{"message":"no method"}],10] [[{"message":"no method"}],11]
                """);
        differs("86", "npm also gives no answer to ids that are -1 in 32 bits; here only -1 itself", """
                1: [["0"],0] [["1"],1] [["-2"],-2] [["null"],null] [["\\"abc\\""],"abc"] [["1.5"],1.5] [["-1.5"],-1.5] [["4294967295"],4294967295] [["8589934591"],8589934591] [["9007199254740992"],9007199254740992] [["1e300"],1E+300] [["true"],true] [["[]"],[]] [["{}"],{}] [["\\"-1\\""],"-1"] [["[-1]"],[-1]]
                """);
        differs(
                "89",
                "npm ends its own channel and loses the late answer; here the answer goes out, and data after the end break the protocol",
                """
                1: [["fast"],3] [["slow80"],2] ack
                broken: data after the end of the reserved stream "1"
                """);
        differs("90", "npm's daemon dies of a reset of its calls; here the connection ends", """
                1: [["x"],2]
                broken: the peer reset the reserved stream "1"
                """);
        differs("91", "npm's daemon dies of a reset of its calls; here the connection ends", """
                1: [["x"],2]
                broken: the peer reset the reserved stream "1"
                """);
        differs("95", "the error texts are our own, and an open without id is answered", """
                0: [[{"message":"the stream id \\"2\\" is taken or too long"}],10] [[{"message":"a stream is opened by [id, method, arguments], not by [null,\\"src\\",[4]]"}],12] [[{"message":"a stream is opened by [id, method, arguments], not by [\\"4\\",\\"src\\"]"}],14] [[{"message":"a stream is opened by [id, method, arguments], not by []"}],15] [[{"message":"no request"}],16]
                1: [["alive"],2]
                3: "xxxx" end
                a-long-id: "xxxx" end
                """);
        differs("96", "the reset says why", """
                1: [["alive"],2]
                2: reset: data after the end
                """);
        differs("a2", "we never end the channel of the calls", """
                1: [[2],2] ack
                """);
        differs("a7", "npm's daemon dies of a length of 2^40; here the connection ends", """
                broken: a channel name of 1099511627776 bytes is over 256
                """);
        differs("ac", "npm's daemon dies of the line; here the connection ends", """
                broken: a line that is not JSON: ["add",[2 (malformed JSON at character 10: ']' is missing)
                """);
    }
}
