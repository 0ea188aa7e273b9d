package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import io.github.autodaemon.Rpc;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large message is carried, and others are served meanwhile. npm's side needs time by the square of its length. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LargeMessageTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void othersAreAnsweredWhileALargeMessageIsCarried(int megabytes) {
        Connection<Workshop> other = workplace.connect();
        Rpc large = workplace
                .connect(io.github.autodaemon.AutoDaemon.dynamic("echo").socket(workplace.socket()))
                .rpc();
        String text = "0123456789abcdef".repeat(megabytes << 16);
        CompletableFuture<Object> echo = large.callAsync("echo", text);
        for (int i = 1; i <= 200; i++) {
            assertThat(other.rpc().add(1)).isEqualTo(i);
        }
        assertThat(echo.thenApply(text::equals))
                .succeedsWithin(60, TimeUnit.SECONDS)
                .isEqualTo(true);
    }

    /** The JDK would make one as long as what it is given, for each thread that writes, and keep it. */
    @Test
    void aLargeMessageTakesNoLargeBufferOutsideTheHeap() {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        assertThat(workplace.connect().rpc().add(1)).isEqualTo(1);
        Rpc large = workplace
                .connect(io.github.autodaemon.AutoDaemon.dynamic("echo").socket(workplace.socket()))
                .rpc();
        String text = "x".repeat(8 << 20);
        long before = direct.getMemoryUsed();
        assertThat(large.call("echo", text)).isEqualTo(text);
        assertThat(direct.getMemoryUsed() - before).isLessThan(text.length() / 4);
    }

    @Test
    @WithNode
    void othersAreAnsweredWhileNpmsClientSendsSixteenMegabytes() {
        Connection<Workshop> other = workplace.connect();
        NodeProcess client = workplace.node("text.js", "0123456789abcdef", Integer.toString(1 << 20));
        int length = 1 << 24;
        for (int i = 1; i <= 200; i++) {
            assertThat(other.rpc().add(1)).isEqualTo(i);
        }
        assertThat(client.finish())
                .containsExactly("\"length there\" " + length + " \"here\" " + length, "\"same\" true");
    }
}
