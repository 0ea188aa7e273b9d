package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a wait looks before it sleeps, what that may cost, and that it misses nothing. */
@Timeout(60)
class AdaptiveSpinTest {
    private static final long SHORT = TimeUnit.MICROSECONDS.toNanos(30);
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long OTHERS_RAN = TimeUnit.MICROSECONDS.toNanos(5);
    private static final int WAITS = 100_000;
    private static final int ROUNDS = 1000;

    /** What becomes of a wait that looks. */
    private interface Look {
        void end(AdaptiveSpin spin);
    }

    /** How many of so many waits look; the others sleep so long. */
    private static int looks(AdaptiveSpin spin, int waits, long slept, Look look) {
        int looks = 0;
        for (int i = 0; i < waits; i++) {
            if (spin.pays()) {
                looks++;
                look.end(spin);
            } else if (spin.measures()) {
                spin.slept(slept);
            }
        }
        return looks;
    }

    @Test
    void afterAFewShortWaitsItLooksAndGoesOnAsLongAsItFinds() {
        assertThat(looks(new AdaptiveSpin(), WAITS, SHORT, spin -> spin.found(0)))
                .isBetween(WAITS - 10, WAITS - 1);
    }

    @Test
    void whereWaitsAreLongItNeverLooks() {
        assertThat(looks(new AdaptiveSpin(), WAITS, LONG, AdaptiveSpin::foundNothing))
                .isZero();
    }

    @Test
    void manyShortWaitsInWhichNobodyMayLookAreNoNegativeNumber() {
        AdaptiveSpin spin = new AdaptiveSpin();
        for (long i = 0; i <= Integer.MAX_VALUE; i++) {
            spin.slept(SHORT);
        }
        assertThat(spin.pays()).isTrue();
    }

    @Test
    void wherePeersShareAProcessorItAllButNeverLooks() {
        assertThat(looks(new AdaptiveSpin(), WAITS, SHORT, spin -> spin.found(OTHERS_RAN)))
                .isBetween(1, 50);
        assertThat(looks(new AdaptiveSpin(), WAITS, SHORT, AdaptiveSpin::foundNothing))
                .isBetween(1, 50);
    }

    @Test
    void whatIsFoundEveryThirdTimeIsNotWorthLookingFor() {
        int[] count = {0};
        int looks = looks(new AdaptiveSpin(), WAITS, SHORT, spin -> {
            if (++count[0] % 3 == 0) {
                spin.found(0);
            } else {
                spin.foundNothing();
            }
        });
        assertThat(looks).isLessThan(200);
    }

    @Test
    void afterBadTimesItFindsOutThatTheyAreOver() {
        AdaptiveSpin spin = new AdaptiveSpin();
        looks(spin, WAITS, SHORT, AdaptiveSpin::foundNothing);
        looks(spin, WAITS, SHORT, one -> one.found(0));
        assertThat(looks(spin, WAITS, SHORT, one -> one.found(0))).isEqualTo(WAITS);
    }

    /** A byte there and back so many times, after which this end's loop looks before it sleeps. */
    private static void practise(Loop loop, SocketChannel other) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < 20; i++) {
            other.write(one.clear());
            assertThat(loop.runOnce(Long.MAX_VALUE, true)).isTrue();
        }
    }

    private static Loop.Handler reader(SocketChannel channel) {
        ByteBuffer into = ByteBuffer.allocate(16);
        return key -> {
            try {
                assertThat(channel.read(into.clear())).isPositive();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** The selector forgets a wake-up when it is asked whether anything is ready. */
    @Test
    void noWakeUpIsLostWhileItLooks() throws Exception {
        SocketPair pair = SocketPair.create();
        try (SocketChannel near = pair.client();
                SocketChannel far = pair.server();
                Loop loop = new Loop()) {
            loop.register(near, SelectionKey.OP_READ, reader(near));
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            Thread other = new Thread(() -> {
                for (int i = 1; i <= ROUNDS; i++) {
                    while (asked.get() < i) {
                        Thread.onSpinWait();
                    }
                    loop.execute(ran::incrementAndGet);
                }
            });
            other.start();
            for (int i = 1; i <= ROUNDS; i++) {
                practise(loop, far);
                asked.set(i);
                while (ran.get() < i) {
                    assertThat(loop.runOnce(Long.MAX_VALUE, true)).isTrue();
                }
            }
            other.join();
        }
    }
}
