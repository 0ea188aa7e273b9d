package io.github.autodaemon.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.mux.Wire;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads: a thread in the background, or this one, which sends a byte and waits for the one that is sent back. */
@Timeout(60)
class StepAsideTest {
    private static final int ROUNDS = 100;

    private final BlockingQueue<Thread> readers = new LinkedBlockingQueue<>();
    private Loop loop;
    private PumpMonitor monitor;
    private SocketPair pair;
    private SocketWire wire;
    private Thread background;
    private Thread peer;
    private volatile boolean over;
    private volatile boolean yields;
    private int received;

    @BeforeEach
    void connect() throws Exception {
        loop = new Loop();
        monitor = new PumpMonitor(loop);
        pair = SocketPair.create();
        pair.server().configureBlocking(true);
        wire = new SocketWire(pair.client(), loop, monitor, new Wire.Receiver() {
            @Override
            public void receive(ByteBuffer bytes) {
                received += bytes.remaining();
                bytes.position(bytes.limit());
                readers.add(Thread.currentThread());
                monitor.signalAll();
            }

            @Override
            public void sent() {}

            @Override
            public void closed(String reason) {
                over = true;
            }
        });
        wire.start();
        background = new Thread(() -> {
            monitor.lock();
            try {
                monitor.awaitInBackground(() -> over, () -> yields);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                monitor.unlock();
            }
        });
        background.start();
        peer = new Thread(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            try {
                while (pair.server().read(one.clear()) > 0) {
                    pair.server().write(one.flip());
                }
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });
        peer.start();
    }

    @AfterEach
    void end() throws Exception {
        monitor.lock();
        try {
            wire.close();
        } finally {
            monitor.unlock();
        }
        monitor.recall();
        background.join();
        peer.join();
        pair.server().close();
        loop.close();
    }

    /** Which thread read the answer. */
    private Thread call() throws Exception {
        monitor.lock();
        try {
            int before = received;
            wire.write(new byte[1], 0, 1);
            assertThat(monitor.await(() -> received > before, Long.MAX_VALUE)).isTrue();
        } finally {
            monitor.unlock();
        }
        return readers.take();
    }

    /** From where the one in the background has begun. */
    private void callUntilItIsReadHere() throws Exception {
        yields = false;
        callUntilItIsReadThere();
        yields = true;
        while (call() != Thread.currentThread()) {
            assertThat(readers).isEmpty();
        }
    }

    private void callUntilItIsReadThere() throws Exception {
        while (call() != background) {
            assertThat(readers).isEmpty();
        }
    }

    /** Else each blocking call of a connection with a listener wakes two threads. */
    @Test
    void whoCallsReadsWhereTheOtherGivesWay() throws Exception {
        callUntilItIsReadHere();
    }

    /** For a future, which may be continued, the one in the background reads on. */
    @Test
    void whereItDoesNotGiveWayItReads() throws Exception {
        callUntilItIsReadThere();
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(call()).isSameAs(background);
        }
    }

    @Test
    void whenNobodyCallsAnyMoreItReadsAgain() throws Exception {
        callUntilItIsReadHere();
        monitor.lock();
        try {
            wire.write(new byte[1], 0, 1);
        } finally {
            monitor.unlock();
        }
        assertThat(readers.take()).isSameAs(background);
    }

    @Test
    void whenItHasAReasonAgainItReads() throws Exception {
        callUntilItIsReadHere();
        yields = false;
        monitor.recall();
        whereItDoesNotGiveWayItReads();
    }

    /** Where it does not give way any more, to fetch it would be all that the two do. */
    @Test
    void whoWaitsForLongDoesNotFetchItAgainAndAgain() throws Exception {
        callUntilItIsReadHere();
        callUntilItIsReadHere();
        yields = false;
        monitor.recall();
        callUntilItIsReadThere();
        AtomicInteger asked = new AtomicInteger();
        monitor.lock();
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
            assertThat(monitor.await(() -> asked.incrementAndGet() < 0, deadline))
                    .isFalse();
        } finally {
            monitor.unlock();
        }
        assertThat(asked).hasValueLessThan(100);
    }

    /** And whoever waits for what another connection brings about sees the end of this one. */
    @Test
    void theEndIsSeenByWhoReads() throws Exception {
        callUntilItIsReadHere();
        pair.server().shutdownOutput();
        background.join();
        assertThat(over).isTrue();
    }
}
