package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that another thread closes. */
@Timeout(60)
class LoopCloseTest {
    private static final int CONNECTIONS = 3;

    /**
     * To close a selector takes its keys away:
     *
     * <pre>
     *   one thread runs the loop        another closes it
     *   select: three are ready
     *   the first one's handler
     *                                   it is closed
     *   the next one: it is closed
     * </pre>
     */
    @Test
    void whileWhatIsReadyIsHandled() throws Exception {
        List<SocketPair> pairs = new ArrayList<>();
        CountDownLatch inside = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        Loop loop = new Loop();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketPair pair = SocketPair.create();
                pairs.add(pair);
                pair.client().configureBlocking(false);
                pair.server().write(ByteBuffer.allocate(1));
                loop.register(pair.client(), SelectionKey.OP_READ, key -> {
                    handled.incrementAndGet();
                    inside.countDown();
                    while (key.selector().isOpen()) {
                        Thread.onSpinWait();
                    }
                });
            }
            FutureTask<Boolean> goesOn = new FutureTask<>(() -> loop.runOnce(Long.MAX_VALUE, false));
            new Thread(goesOn).start();
            inside.await();
            loop.close();
            assertThat(goesOn.get()).isFalse();
            assertThat(handled).hasValue(1);
        } finally {
            loop.close();
            for (SocketPair pair : pairs) {
                for (SocketChannel channel : List.of(pair.client(), pair.server())) {
                    channel.close();
                }
            }
        }
    }
}
