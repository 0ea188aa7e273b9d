package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that only give, only take, fail or are destroyed by npm's client. Each of these ends npm's daemon. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OneSidedStreamsTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Connection<Workshop> good;

    @BeforeEach
    void connect() {
        good = workplace.connect();
    }

    @AfterEach
    void othersAreServedOn() {
        assertThat(good.rpc().echo("good")).isEqualTo("good");
        assertThat(workplace.daemon().pid()).isEqualTo(good.rpc().pid());
    }

    private static final String FIVE = "\"end\" \"\\u0000\\u0001\\u0002\\u0003\\u0004\"";

    @Test
    void aClientOnlyReadsAStreamThatOnlyGives() {
        assertThat(workplace.run("stream.js", "[\"bytes\",5]")).containsExactly(FIVE, "\"sum\" 1");
    }

    @Test
    void aClientEndsAStreamThatOnlyGives() {
        assertThat(workplace.run("stream.js", "[\"bytes\",5]", "")).containsExactly(FIVE, "\"sum\" 1");
    }

    @Test
    void aClientWritesToAStreamThatOnlyGives() {
        assertThat(workplace.run("stream.js", "[\"bytes\",5]", "text")).containsExactly(FIVE, "\"sum\" 1");
    }

    @Test
    void aStreamThatOnlyTakes() {
        assertThat(workplace.run("stream.js", "[\"collect\"]", "text")).containsExactly("\"end\" \"\"", "\"sum\" 1");
        assertThat(good.rpc().collected()).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(4L);
    }

    @Test
    void aSourceThatFails() {
        assertThat(workplace.run("stream.js", "[\"broken\"]"))
                .containsExactly("\"error\" \"the source broke\"", "\"sum\" 1");
    }

    @Test
    void aSourceThatFailsWhileTheClientWrites() {
        assertThat(workplace.run("stream.js", "[\"broken\"]", "text"))
                .containsExactly("\"error\" \"the source broke\"", "\"sum\" 1");
    }

    @Test
    void aClientDestroysItsStreams() {
        assertThat(workplace.run("destroy.js")).containsExactly("\"sum\" 30");
    }
}
