package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait on one connection, its reader, and a peer, which is this test. */
@Timeout(60)
class ConnectionLockTest {
    private static final String READER = "auto-daemon-reader";

    /** Who has read a byte. */
    private final BlockingQueue<Thread> readers = new LinkedBlockingQueue<>();

    private MonitoredWire monitored;
    private ConnectionLock lock;
    private SocketChannel other;

    /** Guarded by the lock. */
    private int received;

    @BeforeEach
    void connect() throws Exception {
        monitored = new MonitoredWire(bytes -> {
            received += bytes.remaining();
            readers.add(Thread.currentThread());
            lock.signalAll();
        });
        lock = monitored.monitor;
        other = monitored.pair.server();
    }

    @AfterEach
    void end() throws Exception {
        other.close();
        monitored.loop.close();
        monitored.close();
        lock.lock();
        lock.end(List.of());
        lock.unlock();
        lock.awaitReaderGone();
    }

    private Thread waiting(int bytes) {
        return monitored.start(() -> lock.await(() -> received >= bytes || monitored.isOver(), Long.MAX_VALUE));
    }

    private void send() throws Exception {
        other.write(ByteBuffer.allocate(1));
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

    /** Until so many threads sleep, whose conditions have been looked at. */
    private void awaitSleepers(int count) {
        int sleepers;
        do {
            lock.lock();
            sleepers = lock.waiters();
            lock.unlock();
        } while (sleepers < count);
    }

    private static void awaitReading(ConnectionLock lock, @Nullable Thread thread) {
        while (lock.reading() != thread) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLoneWaiterReadsForItself() throws Exception {
        for (int i = 1; i <= 10; i++) {
            Thread lone = waiting(i);
            send();
            lone.join();
            assertThat(readers.take()).isSameAs(lone);
        }
        assertThat(lock.reading()).isNull();
    }

    /** Else the one that is left waits for a socket that nobody reads. */
    @Test
    void whoHasReadHandsTheReadingOn() throws Exception {
        Thread first = waiting(1);
        awaitReading(lock, first);
        Thread second = waiting(2);
        awaitSleepers(1);
        send();
        first.join();
        awaitReading(lock, second);
        send();
        second.join();
        assertThat(readers).containsExactly(first, second);
    }

    /** Three hundred threads that wait are not woken for each answer. */
    @Test
    void onlyWhoseConditionHoldsIsWoken() throws Exception {
        Thread first = waiting(3);
        awaitReading(lock, first);
        AtomicInteger wakeUps = new AtomicInteger();
        Thread last = monitored.start(() -> lock.await(
                () -> {
                    if (Thread.currentThread().getName().equals("last")) {
                        wakeUps.incrementAndGet();
                    }
                    return received >= 2;
                },
                Long.MAX_VALUE));
        last.setName("last");
        awaitSleepers(1);
        int before = wakeUps.get();
        send();
        assertThat(readers.take()).isSameAs(first);
        assertThat(wakeUps).hasValue(before);
        send();
        last.join();
        assertThat(wakeUps).hasValue(before + 1);
        send();
        first.join();
    }

    /** What it has written may be what it waits for. */
    @Test
    void whoWaitsSendsFirst() throws Exception {
        Thread first = waiting(1);
        awaitReading(lock, first);
        monitored.write(7);
        Thread second = waiting(1);
        read(7);
        send();
        first.join();
        second.join();
    }

    /** Where many wait another thread sends, and nothing comes that would wake the one that has written. */
    @Test
    void aThreadThatWaitsForItsBytesToLeaveIsToldOfItWhoeverSendsThem() throws Exception {
        Thread first = waiting(1);
        awaitReading(lock, first);
        List<Thread> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Thread one = waiting(1);
            many.add(one);
            awaitSleepers(many.size());
        }
        Thread writer = monitored.start(() -> {
            monitored.wire.write(new byte[] {7}, 0, 1);
            lock.await(() -> monitored.wire.queued() == 0, Long.MAX_VALUE);
        });
        read(7);
        writer.join();
        send();
        first.join();
        for (Thread one : many) {
            one.join();
        }
    }

    /** No answer comes for the thread whose condition another thread's flush has fulfilled. */
    @Test
    void whoSendsBeforeItReadsAsksOnceMoreWhetherItHasTo() throws Exception {
        // What has woken the selector until now is over.
        Thread before = waiting(1);
        send();
        before.join();
        AtomicInteger asked = new AtomicInteger();
        Thread writer = monitored.start(() -> {
            monitored.wire.write(new byte[] {1}, 0, 1);
            lock.await(
                    () -> {
                        // Another thread writes between this thread's flush and its wait.
                        if (asked.incrementAndGet() == 2) {
                            monitored.wire.write(new byte[] {2}, 0, 1);
                        }
                        return monitored.wire.queued() == 0;
                    },
                    Long.MAX_VALUE);
        });
        writer.join();
        read(1, 2);
    }

    /** A future has no thread that waits. */
    @Test
    void theReaderSendsAndReadsForFutures() throws Exception {
        lock.needed();
        monitored.write(1);
        lock.sendSoon();
        read(1);
        monitored.write(2);
        lock.sendSoon();
        read(2);
        send();
        assertThat(readers.take().getName()).isEqualTo(READER);
    }

    /** A thread inside a system call delays the end of the JVM. */
    @Test
    void theReaderRestsWhileThereIsNoReason() throws Exception {
        for (int i = 1; i <= 10; i++) {
            lock.needed();
            send();
            Thread reader = readers.take();
            assertThat(reader.getName()).isEqualTo(READER);
            lock.settled();
            awaitReading(lock, null);
            Thread lone = waiting(2 * i);
            send();
            lone.join();
            assertThat(readers.take()).isSameAs(lone);
        }
    }

    /** Else each blocking call of a connection with a listener wakes two threads. */
    @Test
    void whoWaitsReadsThoughThereIsAReader() throws Exception {
        lock.needed();
        for (int i = 1; i <= 10; i++) {
            Thread caller = waiting(i);
            awaitReading(lock, caller);
            send();
            caller.join();
            assertThat(readers.take()).isSameAs(caller);
        }
        send();
        assertThat(readers.take().getName()).isEqualTo(READER);
    }

    /** While a thread computes between its calls, its futures' requests are not to wait for the next of them. */
    @Test
    void whatAFutureHasWrittenLeavesThoughNobodyWaitsAnyMore() throws Exception {
        lock.needed();
        Thread caller = waiting(1);
        awaitReading(lock, caller);
        send();
        caller.join();
        monitored.write(1);
        lock.sendSoon();
        read(1);
    }

    @Test
    void aConditionKeepsTheReaderAsAFutureDoes() throws Exception {
        lock.lock();
        try {
            lock.readUntil(() -> received >= 2);
        } finally {
            lock.unlock();
        }
        send();
        assertThat(readers.take().getName()).isEqualTo(READER);
        send();
        assertThat(readers.take().getName()).isEqualTo(READER);
        awaitReading(lock, null);
    }

    @Test
    void whoIsInterruptedHandsTheReadingOn() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread first = monitored.start(() -> {
            try {
                lock.await(() -> false, Long.MAX_VALUE);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        awaitReading(lock, first);
        Thread second = waiting(1);
        awaitSleepers(1);
        first.interrupt();
        interrupted.await();
        awaitReading(lock, second);
        send();
        second.join();
    }

    @Test
    void theReaderTellsOfTheEnd() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        lock.needed();
        lock.lock();
        lock.end(List.of(told::countDown));
        lock.unlock();
        told.await();
        lock.awaitReaderGone();
    }

    /** Whoever closes a connection closes its loop first, and may need this processor for the rest. */
    @Test
    void whoWaitsWhileOnlyTheLoopIsClosedRests() throws Exception {
        monitored.loop.close();
        assertThat(monitored.looksInVain()).isLessThan(1000);
    }
}
