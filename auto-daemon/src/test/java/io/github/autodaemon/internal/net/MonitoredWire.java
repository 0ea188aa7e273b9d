package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A wire on one end of a pair of sockets, whose other end is the test's, and a thread that waits for it to end. */
final class MonitoredWire {
    final Loop loop = new Loop();
    final ConnectionLock monitor = new ConnectionLock(loop);
    final SocketPair pair = SocketPair.create();
    final SocketWire wire;
    private volatile boolean over;

    /** How a thread waits, with the monitor held. */
    interface Waiting {
        void waits() throws InterruptedException;
    }

    /** {@code received} has what came, with the monitor held. */
    MonitoredWire(Consumer<ByteBuffer> received) throws IOException {
        pair.server().configureBlocking(true);
        wire = new SocketWire(pair.client(), loop, monitor, new Wire.Receiver() {
            @Override
            public void receive(ByteBuffer bytes) {
                received.accept(bytes);
                bytes.position(bytes.limit());
            }

            @Override
            public void sent() {}

            @Override
            public void closed(String reason) {
                over = true;
            }
        });
        wire.start();
    }

    boolean isOver() {
        return over;
    }

    Thread start(Waiting waiting) {
        Thread thread = new Thread(() -> {
            monitor.lock();
            try {
                waiting.waits();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                monitor.unlock();
            }
        });
        thread.start();
        return thread;
    }

    /** Writes one byte, for the next who flushes. */
    void write(int b) {
        monitor.lock();
        try {
            wire.write(new byte[] {(byte) b}, 0, 1);
        } finally {
            monitor.unlock();
        }
    }

    /** How often whoever waits for what does not come looks for it in 50 ms. */
    int looksInVain() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        monitor.lock();
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
            assertThat(monitor.await(() -> looks.incrementAndGet() < 0, deadline))
                    .isFalse();
        } finally {
            monitor.unlock();
        }
        return looks.get();
    }

    void close() {
        monitor.lock();
        try {
            wire.close();
        } finally {
            monitor.unlock();
        }
    }
}
