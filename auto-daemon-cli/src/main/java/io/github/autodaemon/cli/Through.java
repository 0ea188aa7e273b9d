package io.github.autodaemon.cli;

import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Standard input goes to a stream, and what comes from it to standard output, until both are over. */
final class Through {
    private static final int CHUNK = 1 << 16;
    private static final long LOOK_MILLIS = 50;

    private final Duplex stream;
    private final Duration silence;
    private volatile boolean sent;
    private volatile long last = System.nanoTime();

    /**
     * Not begun yet.
     *
     * @param silence how long nothing may come after the end of the input: npm's daemon says nothing when it has no such
     *     method; zero for no limit
     */
    Through(Duplex stream, Duration silence) {
        this.stream = stream;
        this.silence = silence;
    }

    int run() {
        start(this::send, "autod-input");
        if (!silence.isZero()) {
            start(this::watch, "autod-silence");
        }
        try {
            InputStream from = stream.input();
            byte[] bytes = new byte[CHUNK];
            int count = from.read(bytes);
            while (count >= 0 && !System.out.checkError()) {
                System.out.write(bytes, 0, count);
                System.out.flush();
                last = System.nanoTime();
                count = from.read(bytes);
            }
            return Autod.DONE;
        } catch (IOException e) {
            throw new Stopped(Autod.FAILED, "the stream failed: " + e.getMessage());
        } finally {
            stream.close();
        }
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void send() {
        byte[] bytes = new byte[CHUNK];
        try (OutputStream to = stream.output()) {
            int count = System.in.read(bytes);
            while (count >= 0) {
                to.write(bytes, 0, count);
                to.flush();
                count = System.in.read(bytes);
            }
        } catch (IOException e) {
            // The reader hears of it, and says so; a service need not read what it does not want.
            assert !sent;
        } finally {
            last = System.nanoTime();
            sent = true;
        }
    }

    private void watch() {
        try {
            while (!sent || System.nanoTime() - last < silence.toNanos()) {
                Thread.sleep(LOOK_MILLIS);
            }
            stream.cancel("nothing came for " + Shown.time(silence) + "; npm's daemon says nothing when it has no such"
                    + " method");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
