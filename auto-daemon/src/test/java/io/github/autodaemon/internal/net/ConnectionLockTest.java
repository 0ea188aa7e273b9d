package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that pumps, one that writes, and a peer, which is this test. */
@Timeout(60)
class ConnectionLockTest {
    private MonitoredWire monitored;
    private ConnectionLock monitor;
    private SocketChannel other;
    private Thread pump;
    private volatile int answers;
    private volatile int awaited;
    private final CountDownLatch received = new CountDownLatch(1);

    @BeforeEach
    void connect() throws Exception {
        monitored = new MonitoredWire(bytes -> {
            monitor.answered(answers, awaited);
            received.countDown();
        });
        monitor = monitored.monitor;
        other = monitored.pair.server();
        pump = monitored.start(() -> monitor.await(monitored::isOver, Long.MAX_VALUE));
    }

    @AfterEach
    void end() throws Exception {
        other.close();
        pump.join();
        monitored.loop.close();
    }

    private void write(int b, boolean patient) {
        monitor.lock();
        try {
            monitored.wire.write(new byte[] {(byte) b}, 0, 1);
            if (patient) {
                monitor.patient();
            }
        } finally {
            monitor.unlock();
        }
    }

    private void read(int... expected) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(expected.length);
        while (bytes.hasRemaining()) {
            other.read(bytes);
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(bytes.get(i)).isEqualTo((byte) expected[i]);
        }
    }

    private void answer(int count) throws Exception {
        answers = count;
        other.write(ByteBuffer.allocate(1));
        received.await();
    }

    /** The peer says nothing more: nobody but the thread that pumps could send it. */
    @Test
    void whatWasPostponedLeavesThoughNothingElseHappens() throws Exception {
        answer(100);
        write(1, true);
        write(2, true);
        read(1, 2);
    }

    private boolean isExpecting() {
        monitor.lock();
        try {
            return monitor.isExpecting();
        } finally {
            monitor.unlock();
        }
    }

    /** One by one they come where this thread is woken for each, on the processor of the one that makes the calls. */
    @Test
    void whereManyAreAwaitedMoreIsExpectedThoughAnswersComeOneByOne() throws Exception {
        answer(1);
        assertThat(isExpecting()).isFalse();
        awaited = 32;
        // In a millisecond without an answer nothing more is expected.
        do {
            answer(1);
        } while (!isExpecting());
    }

    @Test
    void whatIsNotPatientTakesAlongWhatIs() throws Exception {
        answer(100);
        write(1, true);
        write(2, false);
        read(1, 2);
    }

    @Test
    void aCloseSendsWhatWasPostponed() throws Exception {
        answer(100);
        write(1, true);
        monitored.close();
        read(1);
    }

    @Test
    void manyWritesWhileThePumpReadsAllArrive() throws Exception {
        int count = 10_000;
        Thread writer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                write(i, true);
            }
        });
        writer.start();
        answers = 100;
        for (int i = 0; i < count; i++) {
            read(i);
            other.write(ByteBuffer.allocate(1));
        }
        writer.join();
    }

    /** Whoever closes a connection closes its loop first, and may need this processor for the rest. */
    @Test
    void whoWaitsWhileOnlyTheLoopIsClosedRests() throws Exception {
        monitored.loop.close();
        assertThat(monitored.looksInVain()).isLessThan(1000);
        monitored.close();
    }
}
