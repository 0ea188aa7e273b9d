package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An object is not an error because it has a property {@code message}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MessagePropertyTest {
    private static final String LETTER = "{\"message\":\"hello\",\"user\":\"al\"}";

    @RegisterExtension
    final Workplace workplace = new Workplace();

    @Test
    @WithNode
    void npmsClientSendsSuchAnObject() {
        workplace.connect();
        assertThat(workplace.run("call.js", "[\"post\"," + LETTER + "]", "[\"echo\",[" + LETTER + "]]"))
                .containsExactly("\"al: hello\"", "[" + LETTER + "]");
    }

    @Test
    @WithNode
    void npmsClientGetsSuchAnObjectWhenErrorsComeFirst() {
        workplace.connect(workplace.javaDaemon().errorFirst(true));
        assertThat(workplace.run("call.js", "[\"echo\"," + LETTER + "]")).containsExactly("null " + LETTER);
    }

    @Test
    void ourClientSendsAndGetsSuchAnObject() {
        Workshop workshop = workplace.connect().rpc();
        Map<String, Object> letter = Map.of("message", "hello", "user", "al");
        assertThat(workshop.post(letter)).isEqualTo("al: hello");
        assertThat(workshop.echo(letter)).isEqualTo(letter);
        assertThat(workshop.echo(List.of(letter))).isEqualTo(List.of(letter));
    }
}
