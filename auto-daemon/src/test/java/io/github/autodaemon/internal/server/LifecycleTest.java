package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On a clock that goes when it is told to. */
class LifecycleTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> events = new ArrayList<>();
    private final List<Long> wakes = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5 * SECOND;

    private Lifecycle lifecycle(Expiry... expiries) {
        Lifecycle lifecycle = new Lifecycle(() -> now, List.of(expiries), new Lifecycle.Actions() {
            @Override
            public void retiring(Reason reason) {
                events.add("retiring: " + reason);
            }

            @Override
            public void gone(Reason reason) {
                events.add("gone: " + reason);
            }

            @Override
            public void wakeAfter(long nanos) {
                wakes.add(now + nanos);
            }
        });
        lifecycle.started();
        return lifecycle;
    }

    /** The clock reaches each time at which the life cycle wants to look, up to {@code later}. */
    private void pass(Lifecycle lifecycle, long later) {
        long end = now + later;
        while (wakes.stream().anyMatch(at -> at - end <= 0)) {
            long next = wakes.stream().min((a, b) -> Long.signum(a - b)).orElseThrow();
            wakes.remove(next);
            now = next;
            lifecycle.expire();
        }
        now = end;
    }

    @Test
    void withAutocloseItLeavesWhenTheLastReferenceHasLingered() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(SECOND));
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.acquire();
        lifecycle.leave(true);
        pass(lifecycle, 60 * SECOND);
        assertThat(events).isEmpty();
        lifecycle.release();
        pass(lifecycle, SECOND - 1);
        assertThat(events).isEmpty();
        pass(lifecycle, 1);
        assertThat(events)
                .containsExactly("retiring: no reference is held any more", "gone: no reference is held any more");
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.GONE);
    }

    @Test
    void theLingerBeginsAnewWithEachReference() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(SECOND));
        for (int i = 0; i < 10; i++) {
            assertThat(lifecycle.admit()).isTrue();
            lifecycle.leave(true);
            pass(lifecycle, SECOND - 1);
        }
        assertThat(events).isEmpty();
        pass(lifecycle, 1);
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.GONE);
    }

    /** The timer is due, and a client is admitted before it fires. */
    @Test
    void aClientThatComesExactlyWhenItDecidesToLeaveIsServed() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(SECOND));
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        now += SECOND;
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.expire();
        assertThat(events).isEmpty();
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.SERVING);
    }

    @Test
    void nobodyIsAdmittedAfterTheDecision() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(0));
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        assertThat(lifecycle.admit()).isFalse();
    }

    /** Whoever was to use it may have died; but others had the time to come. */
    @Test
    void aDaemonThatNobodyEverUsedLeavesToo() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(SECOND));
        pass(lifecycle, 10 * SECOND - 1);
        assertThat(events).isEmpty();
        pass(lifecycle, 1);
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.GONE);
    }

    /** A probe every ten milliseconds: the linger is over when it would have been over without them. */
    @Test
    void probesNeitherCountNorKeepItAlive() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(SECOND));
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        for (int i = 0; i < 99; i++) {
            pass(lifecycle, SECOND / 100);
            assertThat(lifecycle.admit()).isTrue();
            lifecycle.probes();
            assertThat(lifecycle.usage().references()).isZero();
            lifecycle.leave(false);
        }
        assertThat(events).isEmpty();
        pass(lifecycle, SECOND / 100);
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.GONE);
    }

    /** It is not known for a probe before it has said so, and then the time is over. */
    @Test
    void aProbeThatWasThereWhenTheLingerEndedPutsTheEndOffOnlyForAMoment() {
        Lifecycle lifecycle = lifecycle(Expiry.unreferenced(SECOND));
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        pass(lifecycle, SECOND - 1);
        assertThat(lifecycle.admit()).isTrue();
        pass(lifecycle, 1);
        assertThat(events).isEmpty();
        lifecycle.probes();
        assertThat(events).containsExactly("retiring: no reference is held any more");
        lifecycle.leave(false);
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.GONE);
    }

    @Test
    void idleMeansThatNobodyIsConnected() {
        Lifecycle lifecycle = lifecycle(Expiry.idle(90 * SECOND));
        assertThat(lifecycle.admit()).isTrue();
        pass(lifecycle, 3600 * SECOND);
        assertThat(lifecycle.usage().idleNanos()).isZero();
        lifecycle.leave(true);
        pass(lifecycle, 90 * SECOND - 1);
        assertThat(lifecycle.usage().idleNanos()).isEqualTo(90 * SECOND - 1);
        assertThat(events).isEmpty();
        pass(lifecycle, 1);
        assertThat(events).containsExactly("retiring: idle for 1m30s", "gone: idle for 1m30s");
    }

    /** However many come and go, one look at the clock is outstanding. */
    @Test
    void oneTimerForAllClients() {
        Lifecycle lifecycle = lifecycle(Expiry.idle(3600 * SECOND));
        for (int i = 0; i < 1000; i++) {
            assertThat(lifecycle.admit()).isTrue();
            lifecycle.leave(true);
        }
        assertThat(wakes).hasSize(1);
    }

    @Test
    void goneMeansNoConnectionAndNoWork() {
        Lifecycle lifecycle = lifecycle();
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.workStarted();
        lifecycle.retire(Reason.closed());
        lifecycle.retire(Reason.signal());
        lifecycle.leave(true);
        assertThat(events).containsExactly("retiring: closed by the service");
        assertThat(lifecycle.usage().reason()).isEqualTo(Reason.closed());
        lifecycle.workEnded();
        assertThat(events).containsExactly("retiring: closed by the service", "gone: closed by the service");
    }

    @Test
    void withoutExpiriesItNeverLeavesByItself() {
        Lifecycle lifecycle = lifecycle();
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        pass(lifecycle, TimeUnit.DAYS.toNanos(1000));
        assertThat(events).isEmpty();
    }
}
