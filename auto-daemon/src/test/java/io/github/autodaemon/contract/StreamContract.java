package io.github.autodaemon.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every stream promises, whatever it runs over: a test for each clause. One end, {@link #here}, is this library's; the
 * other is this library's as well, or npm's.
 */
@Timeout(120)
public abstract class StreamContract {
    /** This library's end. */
    protected Duplex here = Duplex.pair().left();

    /** The other end. */
    protected Duplex there = here;

    /** Opens a stream and sets both ends. */
    protected abstract void open() throws Exception;

    /** What is heard here of the reason for which the other end was cancelled. */
    protected String heardHere(String reason) {
        return reason;
    }

    @Test
    public void bytesGoBothWaysAndEachEndsByItself() throws Exception {
        open();
        here.output().write(bytes("ping"));
        assertThat(there.input().readNBytes(4)).asString().isEqualTo("ping");
        here.output().close();
        assertThat(there.input().read()).isEqualTo(-1);
        assertThat(there.input().read()).isEqualTo(-1);
        there.output().write(bytes("still here"));
        there.output().close();
        assertThat(text(here.input())).isEqualTo("still here");
        here.close();
        there.close();
    }

    @Test
    public void closingTwiceIsOnce() throws Exception {
        open();
        here.output().close();
        here.output().close();
        here.close();
        here.close();
        assertThatThrownBy(() -> here.output().write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> here.input().read()).isInstanceOf(IOException.class);
        assertThat(there.input().read()).isEqualTo(-1);
        there.close();
    }

    @Test
    public void oneByteIsAByteOfAnyValue() throws Exception {
        open();
        for (int value : new int[] {0, 1, 127, 128, 255}) {
            here.output().write(value);
            assertThat(there.input().read()).isEqualTo(value);
            there.output().write(value);
            assertThat(here.input().read()).isEqualTo(value);
        }
        here.output().write(new byte[0]);
        here.output().write(bytes("x"), 0, 0);
        here.output().write(bytes("abc"), 1, 1);
        assertThat(there.input().read()).isEqualTo('b');
        assertThat(here.input().read(new byte[0])).isZero();
        assertThatThrownBy(() -> here.input().read(new byte[1], 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> here.output().write(new byte[1], 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    public void cancelEndsTheReaderHereAndTellsTheReaderThereWhy() throws Exception {
        open();
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<Throwable> reader = thrownBy(() -> here.input().read(), begun);
        CompletableFuture<Throwable> other = thrownBy(() -> there.input().read(), begun);
        begun.await();
        here.cancel("changed my mind");
        assertThat(reader.get(60, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class)
                .hasMessage("the stream was cancelled: changed my mind");
        assertThat(other.get(60, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class)
                .hasMessage("changed my mind");
        here.cancel("again");
        assertThatThrownBy(() -> here.output().write(1)).hasMessage("the stream was cancelled: changed my mind");
        here.close();
        there.close();
    }

    @Test
    public void cancelByTheOtherSideTellsThisOneWhy() throws Exception {
        open();
        there.output().write(bytes("some"));
        assertThat(here.input().readNBytes(4)).asString().isEqualTo("some");
        there.cancel("no more to say");
        assertThatThrownBy(() -> here.input().read())
                .isInstanceOf(IOException.class)
                .hasMessage(heardHere("no more to say"));
    }

    /** A writer that waits for room is told, too. */
    @Test
    public void cancelEndsWhoWrites() throws Exception {
        open();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Throwable> writer = thrownBy(
                () -> {
                    byte[] piece = new byte[100_000];
                    for (int i = 0; i < 100_000; i++) {
                        here.output().write(piece);
                    }
                },
                begun);
        begun.await();
        assertThat(there.input().readNBytes(1000)).hasSize(1000);
        there.cancel("enough");
        assertThat(writer.get(60, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(heardHere("enough"));
    }

    @Test
    public void anInterruptEndsTheWaitAndNotTheStream() throws Exception {
        open();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                thrown.complete(new AssertionError("read " + here.input().read()));
            } catch (IOException e) {
                thrown.complete(e);
            }
        });
        reader.start();
        reader.interrupt();
        assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
        there.output().write(7);
        assertThat(here.input().read()).isEqualTo(7);
    }

    /** What was taken of a write before the interrupt arrives whole, and what comes after is not mixed up with it. */
    @Test
    public void anInterruptedWriterGoesOn() throws Exception {
        open();
        long[] whole = new long[1];
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            byte[] piece = new byte[10_000];
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    here.output().write(piece);
                    whole[0] += piece.length;
                }
                thrown.complete(new AssertionError("nobody reads, and 10 GB were taken"));
            } catch (IOException e) {
                thrown.complete(e);
            }
        });
        writer.start();
        // Until it waits: nobody reads.
        while (writer.getState() != Thread.State.WAITING
                && !(writer.getState() == Thread.State.RUNNABLE && inSelect(writer))) {
            Thread.onSpinWait();
        }
        writer.interrupt();
        assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
        writer.join();
        CompletableFuture<Long> counted = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                counted.complete(there.input().transferTo(OutputStream.nullOutputStream()));
            } catch (IOException e) {
                counted.completeExceptionally(e);
            }
        });
        reader.start();
        here.output().write(1);
        here.output().close();
        assertThat(counted.get(60, TimeUnit.SECONDS)).isBetween(whole[0] + 1, whole[0] + 10_001);
    }

    private static boolean inSelect(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("select")) {
                return true;
            }
        }
        return false;
    }

    @Test
    public void muchBothWaysAtOnceArrivesWhole() throws Exception {
        open();
        int blocks = 2000;
        CompletableFuture<Long> out = copied(here.output(), 1, blocks);
        CompletableFuture<Long> back = copied(there.output(), 2, blocks);
        CompletableFuture<Long> in = checked(here.input());
        long arrived = checksum(there.input());
        assertThat(arrived).isEqualTo(out.get());
        assertThat(in.get()).isEqualTo(back.get());
    }

    private static CompletableFuture<Long> copied(OutputStream to, long seed, int blocks) {
        return onThread(() -> {
            Random random = new Random(seed);
            CRC32C sum = new CRC32C();
            try (to) {
                for (int i = 0; i < blocks; i++) {
                    byte[] block = new byte[1 + random.nextInt(50_000)];
                    random.nextBytes(block);
                    sum.update(block);
                    to.write(block);
                }
            }
            return sum.getValue();
        });
    }

    private static CompletableFuture<Long> checked(InputStream from) {
        return onThread(() -> checksum(from));
    }

    private static long checksum(InputStream from) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] buffer = new byte[30_000];
        int count = from.read(buffer);
        while (count >= 0) {
            sum.update(buffer, 0, count);
            count = from.read(buffer);
        }
        return sum.getValue();
    }

    private static <T> CompletableFuture<T> onThread(java.util.concurrent.Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** A service that only gives: the client's writes are dropped or fail, and what it gives arrives. */
    @Test
    public void whoReadsNoMoreHoldsNobodyUp() throws Exception {
        open();
        there.input().close();
        there.output().write(bytes("the answer"));
        there.output().close();
        try {
            for (int i = 0; i < 100; i++) {
                here.output().write(new byte[50_000]);
            }
            here.output().close();
        } catch (IOException e) {
            assertThat(e).hasMessage("the other side reads no more of the stream");
        }
        assertThat(text(here.input())).isEqualTo("the answer");
        here.close();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** What an action throws, on a thread of its own; {@code begun} is counted down just before. */
    public static CompletableFuture<Throwable> thrownBy(ThrowingAction action, CountDownLatch begun) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            begun.countDown();
            try {
                action.run();
                thrown.complete(new AssertionError("nothing was thrown"));
            } catch (Throwable t) {
                thrown.complete(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thrown;
    }

    /** What may throw. */
    public interface ThrowingAction {
        /** Does it. */
        void run() throws Exception;
    }
}
