package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads: a thread in the background, or this one, which sends a byte and waits for the one that is sent back. */
@Timeout(60)
class StepAsideTest {
    private static final int ROUNDS = 100;
    private static final long ASIDE = TimeUnit.MILLISECONDS.toNanos(10);

    private final BlockingQueue<Thread> readers = new LinkedBlockingQueue<>();
    private MonitoredWire monitored;
    private ConnectionLock monitor;
    private SocketChannel other;
    private Thread background;
    private Thread peer;
    private volatile boolean yields;
    private int received;

    @BeforeEach
    void connect() throws Exception {
        monitored = new MonitoredWire(bytes -> {
            received += bytes.remaining();
            readers.add(Thread.currentThread());
            monitor.signalAll();
        });
        monitor = monitored.monitor;
        other = monitored.pair.server();
        background = monitored.start(() -> monitor.awaitInBackground(monitored::isOver, () -> yields ? ASIDE : 0));
        peer = new Thread(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            try {
                while (other.read(one.clear()) > 0) {
                    other.write(one.flip());
                }
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });
        peer.start();
    }

    @AfterEach
    void end() throws Exception {
        monitored.close();
        monitor.recall();
        background.join();
        peer.join();
        other.close();
        monitored.loop.close();
    }

    /** Which thread read the answer. */
    private Thread call() throws Exception {
        monitor.lock();
        try {
            int before = received;
            monitored.wire.write(new byte[1], 0, 1);
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
        monitored.write(0);
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
        assertThat(monitored.looksInVain()).isLessThan(100);
    }

    /** And whoever waits for what another connection brings about sees the end of this one. */
    @Test
    void theEndIsSeenByWhoReads() throws Exception {
        callUntilItIsReadHere();
        other.shutdownOutput();
        background.join();
        assertThat(monitored.isOver()).isTrue();
    }
}
