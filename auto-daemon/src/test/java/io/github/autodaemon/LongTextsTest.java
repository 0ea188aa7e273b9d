package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Scratch;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is too long for the kernel, for a hello or for the index is refused when it is described; what is not, works. */
@Timeout(60)
class LongTextsTest {
    private static final int MOST = 48 * 1024 - 1;

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** Of characters that become one byte, two, three for one and six. */
    @ParameterizedTest
    @ValueSource(strings = {"a:1", "\":2", "\u20ac:3", "\u0001:6"})
    void theLongestArguments(String given) {
        String text = given.substring(0, 1).repeat(MOST / (given.charAt(2) - '0'));
        AutoDaemon<Lab> lab = scratch.lab().args(text).build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().args()).containsExactly(text);
            assertThat(Daemons.list(Duration.ofSeconds(30)))
                    .anyMatch(daemon ->
                            daemon.socket().equals(scratch.socket()) && daemon.state() == Daemon.State.SERVING);
            assertThat(lab.status()).isPresent();
        }
        assertThat(lab.stop(Duration.ofSeconds(30))).isTrue();
        assertThatThrownBy(() -> scratch.lab().args(text, "a".repeat(6)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "args\\(\\.\\.\\.\\) has \\d+ bytes, the limit is 49152; put what is long into a file"
                                + " and pass its path");
    }

    @Test
    void whatNoProcessCanBeGiven() {
        assertThatThrownBy(() -> scratch.lab().name("n".repeat(1000)).build())
                .hasMessage("name(...) has 1001 bytes, the limit is 1000");
        assertThatThrownBy(() ->
                        scratch.lab().jvmOptions("-Dx=" + "x".repeat(MOST)).build())
                .hasMessageContaining("jvmOptions(...) has ")
                .hasMessageContaining("argument file");
        assertThatThrownBy(() -> scratch.lab()
                        .environment(Map.of("LONG", "x".repeat(128 * 1024)))
                        .build())
                .hasMessage("the variable LONG of environment(...) has 131078 bytes, the limit is 131071");
        for (String name : new String[] {"", "a=b", "a\0b"}) {
            assertThatThrownBy(
                            () -> scratch.lab().environment(Map.of(name, "x")).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no process can have a variable named");
        }
        assertThatThrownBy(() -> scratch.lab().environment(Map.of("A", "\0")).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLongVariableAndALongNameWork() {
        AutoDaemon<Lab> lab = scratch.lab()
                .name("n".repeat(999))
                .environment(Map.of("LONG", "x".repeat(128 * 1024 - 7)))
                .build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().environment().get("LONG")).hasSize(128 * 1024 - 7);
        }
    }

    /** It may be long, and what is in it may be secret. */
    @Test
    void aCommandThatCannotBeRunIsNotPrinted() {
        AutoDaemon<Lab> lab =
                scratch.lab().command("/bin/true", "x".repeat(200_000)).build();
        assertThatThrownBy(lab::connect)
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("Argument list too long")
                .hasMessageContaining("the program is /bin/true, with 200")
                .hasMessageNotContainingAny("xxxx");
    }
}
