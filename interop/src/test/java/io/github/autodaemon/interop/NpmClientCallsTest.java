package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Server;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** npm's client calls a Java daemon. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmClientCallsTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @Test
    void callsAreAnswered() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"add\",2]", "[\"add\",3]", "[\"pid\"]"))
                .containsExactly("2", "5", Long.toString(workplace.daemon().pid()));
    }

    @Test
    void valuesArriveAsTheyAre() {
        workplace.connect();
        String nested = "{\"list\":[1,2.5,true,null,\"\\\"\\n\"],\"map\":{\"a b\":{},\"\":[]},\"n\":-0.001}";
        assertThat(workplace.run("call.js", "[\"echo\"," + nested + "]", "[\"echo\",null]", "[\"echo\",[[]]]"))
                .containsExactly(nested, "null", "[[]]");
    }

    @Test
    void aThrownExceptionArrivesAsAnError() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"fail\",\"no luck\"]", "[\"add\",1]"))
                .containsExactly(
                        "{\"error\":\"no luck\",\"name\":\"IllegalStateException\","
                                + "\"type\":\"java.lang.IllegalStateException\"}",
                        "1");
    }

    @Test
    void aThrownExceptionArrivesWithItsFieldsAndCauses() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"refuse\",\"no luck\"]"))
                .containsExactly("{\"error\":\"no luck\",\"name\":\"Refusal\","
                        + "\"type\":\"io.github.autodaemon.interop.Refusal\","
                        + "\"causes\":[{\"message\":\"disk gone\",\"type\":\"java.io.IOException\"}],"
                        + "\"code\":\"EBOOM\",\"errno\":-5,\"retry\":false}");
    }

    @Test
    void anUnknownMethodIsAnError() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"absent\"]", "[\"add\",1]"))
                .satisfiesExactly(
                        first ->
                                assertThat(first).startsWith("{\"error\":\"no method \\\"absent\\\"; there are: add, "),
                        second -> assertThat(second).isEqualTo("1"));
    }

    @Test
    void argumentsThatDoNotFitAreAnError() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"add\",\"two\"]", "[\"add\"]", "[\"add\",1]"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("argument 1 of \\\"add\\\": \\\"two\\\" is no long"),
                        second -> assertThat(second).contains("\\\"add\\\" takes 1 arguments, 0 were given"),
                        third -> assertThat(third).isEqualTo("1"));
    }

    @Test
    void anAnswerMayComeLater() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"later\",\"at last\"]", "[\"failLater\",\"never mind\"]"))
                .containsExactly(
                        "\"at last\"",
                        "{\"error\":\"never mind\",\"name\":\"IllegalArgumentException\","
                                + "\"type\":\"java.lang.IllegalArgumentException\"}");
    }

    @Test
    void withErrorFirstTheValueIsTheSecondArgument() {
        workplace.connect(workplace.javaDaemon().errorFirst(true));
        assertThat(workplace.run("call.js", "[\"add\",2]", "[\"fail\",\"no luck\"]"))
                .satisfiesExactly(first -> assertThat(first).isEqualTo("null 2"), second -> assertThat(second)
                        .startsWith("{\"error\":\"no luck\""));
    }

    @Test
    void aServerInTheForegroundIsCalledInTheSameWay() {
        Server server = workplace.closeLater(
                workplace.javaDaemon().build().createServer().listen());
        assertThat(workplace.run("call.js", "[\"add\",2]", "[\"pid\"]"))
                .containsExactly("2", Long.toString(ProcessHandle.current().pid()));
        assertThat(workplace.run("call.js", "[\"add\",3]")).containsExactly("5");
        assertThat(server.ready()).isCompletedWithValue(workplace.socket());
    }
}
