package io.github.autodaemon.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that another thread closes. */
@Timeout(60)
class LoopCloseTest {
    private static final int CONNECTIONS = 3;

    /**
     * To close a selector empties the set of its selected keys:
     *
     * <pre>
     *   one thread runs the loop        another closes it
     *   select: three are ready
     *   the first one's handler
     *                                   the set is emptied
     *   the next one: the set was modified
     * </pre>
     */
    @Test
    void whileTheKeysOfOneWaitAreGoneThrough() throws Exception {
        List<SocketPair> pairs = new ArrayList<>();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Loop loop = new Loop();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketPair pair = SocketPair.create();
                pairs.add(pair);
                pair.client().configureBlocking(false);
                pair.server().write(ByteBuffer.allocate(1));
                loop.register(pair.client(), SelectionKey.OP_READ, key -> {
                    inside.countDown();
                    await(closed);
                });
            }
            FutureTask<Boolean> goesOn = new FutureTask<>(() -> loop.runOnce(Long.MAX_VALUE, false));
            new Thread(goesOn).start();
            await(inside);
            loop.close();
            closed.countDown();
            assertThat(goesOn.get()).isFalse();
        } finally {
            loop.close();
            for (SocketPair pair : pairs) {
                for (SocketChannel channel : List.of(pair.client(), pair.server())) {
                    channel.close();
                }
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
