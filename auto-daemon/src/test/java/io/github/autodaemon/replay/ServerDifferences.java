package io.github.autodaemon.replay;

import java.util.HashMap;
import java.util.Map;

/** What this library answers to npm's clients where npm's daemon answered something else, and why. */
final class ServerDifferences {
    static final Map<String, String> SAID = new HashMap<>();

    private ServerDifferences() {}

    private static void differs(String id, String why, String said) {
        if (why.isEmpty() || SAID.put(id, said) != null) {
            throw new IllegalStateException(id);
        }
    }

    static {
        differs(
                "11",
                "a Java method has one result, so there is no second value; npm answered the file error late",
                """
                1: [[{"message":"boom"}],2] [[{"code":"EBOOM","errno":-5,"inner":{},"message":"boom","nested":{"a":[1]}}],3] [[{"message":"bad type"}],4] [[{"message":"named","name":"MyError"}],5] [[{"extra":1,"message":"cls","protoProp":"inherited"}],6] [[{"code":"ENOENT","errno":-2,"message":"ENOENT: no such file or directory, open '/nonexistent-file'","path":"/nonexistent-file","syscall":"open"}],7] [[{"message":"c"}],8] [[{"message":"agg"}],9] [[{"message":""}],10] [[{"message":"s","stack":"STACK"}],11] [[null],12] [["just a string"],13] [[{"code":1,"message":"not an error"}],14]
                """);
        differs("13", "npm answers twice when a method throws after its callback; here the first answer counts", """
                1: [[1],2] [[2],3]
                """);
        differs("14", "the error texts are those of V8", """
                1: [[{"message":"no method"}],2] [[{"message":"no method"}],3] [[{"message":"no method"}],4]
                """);
        differs("15", "npm makes an Error of an argument with a message, and loses the message", """
                1: [[{"from":"bob","id":1,"message":"hello"}],2] [[{"id":2,"message":5}],3] [[{"id":3,"message":{"text":"x"}}],4] [[{"id":4,"message":""}],5] [[{"message":false}],6] [[{"__proto__":{"evil":1},"message":"p"}],7] [[{"message":[1,2]}],8] [[{"message":"m","name":"N","stack":"mystack"}],9] [[{"message":"chat message","user":"al"}],10] [[{"message":"order","user":"al"}],11]
                """);
        differs("21", "npm finds names of Object.prototype and never answers; here they are no methods", """
                1: [[{"message":"no method"}],2] [[{"message":"no method"}],3] [[{"message":"no method"}],4] [[{"message":"no method"}],5] [[{"message":"no method"}],6] [["original add 1"],7]
                """);
        differs("22", "an error text of V8; a BigInteger can be carried", """
                1: [[10],2] [[{"message":"the result of \\"m\\" cannot be carried: the value is nested more than 500 levels deep; does it contain itself?"}],3]
                """);
        differs("23", "npm's daemon dies of a late result that cannot be carried", """
                1: [[{"message":"the result of \\"m\\" cannot be carried: the value is nested more than 500 levels deep; does it contain itself?"}],2]
                """);
        differs("24", "npm's daemon dies of a late exception, and takes the other calls with it", """
                1: [[{"message":"async boom"}],3] [[null],2]
                """);
        differs("25", "npm ignores what a method returns, and dies of a rejected promise", """
                1: [[2],2] [[{"message":"rejected"}],3]
                """);
        differs("26", "a Java method's return value is its result", """
                1: [[5],2] [["ignored"],3]
                """);
        differs("29", "npm offers the methods of EventEmitter to every client", """
                1: [[{"message":"no method"}],2] [["pong"],3]
                """);
        differs("32", "npm's daemon dies of a stream that can only be written", """
                1: [["pong"],2]
                2: end ack
                """);
        differs("38", "npm does not tell when a stream is destroyed in the daemon", """
                1: [["pong"],2]
                2: "x" reset: disk gone
                """);
        differs("39", "npm does not tell when a stream fails in the daemon", """
                1: [["pong"],2]
                2: "x" reset: disk gone
                """);
        differs("40", "npm's daemon dies of a stream that fails", """
                2: reset: no stream method
                """);
        differs("41", "npm does not answer when a stream cannot be opened", """
                1: [["pong"],2]
                2: reset: no stream method
                """);
        differs("42", "npm stops reading for ever when a stream that was not opened is written to", """
                1: [["pong"],2]
                2: reset: no stream method
                """);
        differs("43", "npm does not answer when a stream cannot be opened", """
                1: [["pong"],2]
                2: reset: no stream method
                3: reset: no stream method
                4: reset: no stream method
                5: reset: no stream method
                """);
        differs("45", "npm does not answer when a stream cannot be opened", """
                1: [["pong"],2]
                2: "A1A2" end ack
                3: reset: no stream method
                4: "B1" end ack
                5: "D1D2" end ack
                """);
        differs("57", "npm does not tell when a stream fails in the daemon", """
                2: "1" reset: handled
                """);
        differs("58", "npm mixes calls and stream methods, and leaves both unanswered", """
                1: [[{"message":"no method"}],2]
                2: reset: no stream method
                """);
        differs("59", "npm's daemon dies of a stream of objects", """
                2: "str" end
                3: "str" reset: no bytes
                """);
        differs("62", "npm stops reading for ever when a destroyed stream is written to", """
                1: [["pong"],2]
                2: "x" reset: disk gone
                """);
    }
}
