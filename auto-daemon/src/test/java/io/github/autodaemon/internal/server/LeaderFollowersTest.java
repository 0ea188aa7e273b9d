package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the leader reads is a queue of steps; a step may have the leader run something. */
@Timeout(60)
class LeaderFollowersTest {
    private static final int MISTRUSTED = 64;

    private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> workers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean ends;
    private volatile boolean failsInTick;
    private volatile boolean noWorkers;
    private final BlockingQueue<Thread> ticks = new LinkedBlockingQueue<>();

    private final LeaderFollowers leadership = new LeaderFollowers(this::giveToWorker, new LeaderFollowers.Course() {
        @Override
        public boolean next(long nanos) {
            Runnable step = poll(steps, nanos);
            if (step != null) {
                step.run();
            }
            return !ends;
        }

        @Override
        public void tick() {
            ticks.add(Thread.currentThread());
            if (failsInTick) {
                throw new IllegalStateException("tick");
            }
        }

        @Override
        public void wakeup() {
            steps.add(() -> {});
        }

        @Override
        public void failed(Throwable thrown) {
            failures.add(thrown);
        }

        @Override
        public void over() {
            over.countDown();
        }
    });

    private void giveToWorker(Runnable task) {
        if (noWorkers) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        workers.add(task);
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new AssertionError("the thread that waits for steps was interrupted", e);
        }
    }

    private static <T> @Nullable T poll(BlockingQueue<T> queue, long nanos) {
        try {
            return queue.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("the thread that waits for steps was interrupted", e);
        }
    }

    private void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Has the leader begin it, once there is a follower, without which the leader runs nothing. */
    private void lead(Runnable task) {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        steps.add(new Runnable() {
            @Override
            public void run() {
                leadership.execute(() -> {
                    if (runs.incrementAndGet() == 1) {
                        begun.countDown();
                        task.run();
                    }
                });
                if (workers.poll() != null) {
                    steps.add(this);
                }
            }
        });
        await(begun);
    }

    private Thread leader() {
        BlockingQueue<Thread> leader = new LinkedBlockingQueue<>();
        steps.add(() -> leader.add(Thread.currentThread()));
        return take(leader);
    }

    @AfterEach
    void end() throws InterruptedException {
        release.countDown();
        steps.add(() -> ends = true);
        over.await();
    }

    /** Whether the leader has run it to its end: else this process had no turn meanwhile, and the follower reads on. */
    private boolean leadBriefly(Runnable task) {
        BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
        lead(() -> {
            task.run();
            ran.add(Thread.currentThread());
        });
        Thread runner = take(ran);
        return leader() == runner;
    }

    @Test
    void theLeaderRunsWhatIsBrief() {
        leadership.start(true);
        while (!leadBriefly(() -> {})) {
            assertThat(failures).isEmpty();
        }
    }

    /** Were it not so, nobody would be greeted, and no call cancelled, while a call runs. */
    @Test
    void behindWhatIsSlowAnotherThreadReadsOn() throws InterruptedException {
        leadership.start(true);
        Thread first = leader();
        CountDownLatch done = new CountDownLatch(1);
        lead(() -> {
            await(release);
            done.countDown();
        });
        Thread second = leader();
        assertThat(second).isNotSameAs(first);
        assertThat(done.getCount()).isOne();
        release.countDown();
        done.await();
        assertThat(leader()).isSameAs(second);
    }

    /** Else two threads would read. */
    @Test
    void whoWasSlowFollows() throws InterruptedException {
        leadership.start(true);
        Thread first = leader();
        CountDownLatch done = new CountDownLatch(1);
        lead(() -> {
            await(release);
            done.countDown();
        });
        Thread second = leader();
        release.countDown();
        done.await();
        // Those after a slow one are for workers, and then the leader tries again.
        List<Thread> ran = new ArrayList<>();
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        for (int i = 0; i < MISTRUSTED; i++) {
            steps.add(() -> leadership.execute(() -> ran.add(Thread.currentThread())));
        }
        steps.add(last::countDown);
        last.await();
        assertThat(workers).hasSize(MISTRUSTED);
        workers.clear();
        lead(() -> await(again));
        assertThat(leader()).isSameAs(first).isNotSameAs(second);
        again.countDown();
        assertThat(ran).isEmpty();
    }

    /** As a connection does it. */
    private void flush(Runnable send) {
        if (!leadership.add(send)) {
            send.run();
        }
    }

    /** How many times something was sent before some of the answers of one run, and after all of them. */
    private List<Integer> sentInOneRun(int answers, int each) {
        while (true) {
            AtomicInteger sent = new AtomicInteger();
            Runnable send = sent::incrementAndGet;
            List<Integer> seen = new ArrayList<>();
            boolean undisturbed = leadBriefly(() -> {
                for (int i = 0; i < answers; i++) {
                    boolean unused = leadership.yieldPoint();
                    if (i % each == 0) {
                        seen.add(sent.get());
                    }
                    flush(send);
                }
            });
            assertThat(failures).isEmpty();
            if (undisturbed) {
                seen.add(sent.get());
                return seen;
            }
        }
    }

    @Test
    void answersOfOneRunLeaveTogether() {
        leadership.start(true);
        assertThat(sentInOneRun(3, 1)).isEqualTo(List.of(0, 0, 0, 1));
    }

    /** An answer before a slow call would wait for the slow one. */
    @Test
    void whatWasWrittenBeforeASlowOneLeaves() throws InterruptedException {
        leadership.start(true);
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        lead(() -> {
            flush(sent::countDown);
            await(sent);
            // Another reads now: nobody would send this later.
            AtomicInteger more = new AtomicInteger();
            flush(more::incrementAndGet);
            assertThat(more).hasValue(1);
            done.countDown();
        });
        done.await();
        assertThat(failures).isEmpty();
    }

    /** The leader's wait for a socket has no limit then, which the kernel would take time for. */
    @Test
    void theFollowerKeepsTheTime() {
        leadership.start(true);
        lead(() -> {});
        ticks.clear();
        Thread leader = leader();
        assertThat(take(ticks)).isNotSameAs(leader);
        assertThat(take(ticks)).isNotSameAs(leader);
        assertThat(leader()).isSameAs(leader);
    }

    @Test
    void behindWhatIsSlowTheLeaderKeepsTheTime() {
        leadership.start(true);
        lead(() -> await(release));
        Thread second = leader();
        // One may have come before from the thread that leads now.
        ticks.clear();
        assertThat(take(ticks)).isSameAs(second);
        assertThat(take(ticks)).isSameAs(second);
    }

    @Test
    void whatFailsInATickIsToldAndTheNextComes() {
        failsInTick = true;
        leadership.start(true);
        assertThat(take(failures)).hasMessage("tick");
        assertThat(take(failures)).hasMessage("tick");
    }

    /** A service may keep the thread that has called it, and interrupt that thread later. */
    @Test
    void anInterruptBetweenTwoReadsIsGone() {
        leadership.start(true);
        steps.add(() -> Thread.currentThread().interrupt());
        steps.add(() -> {});
        leader();
        assertThat(failures).isEmpty();
    }

    /** With the flag set no wait for a socket waits. */
    @Test
    void anInterruptThatATaskLeavesBehindIsGone() {
        leadership.start(true);
        BlockingQueue<Boolean> seen = new LinkedBlockingQueue<>();
        lead(() -> Thread.currentThread().interrupt());
        steps.add(() -> seen.add(Thread.currentThread().isInterrupted()));
        assertThat(take(seen)).isFalse();
    }

    /** Ending one connection may fail as its last bytes leave; answers of others have been left to the same thread. */
    @Test
    void oneThatCannotSendHoldsUpNoOther() throws InterruptedException {
        leadership.start(true);
        CountDownLatch sent = new CountDownLatch(2);
        Runnable broken = () -> {
            throw new IllegalStateException("send");
        };
        for (int i = 0; i < 2; i++) {
            lead(() -> {
                try {
                    flush(broken);
                } catch (IllegalStateException e) {
                    // The follower reads on: what is written leaves at once.
                    failures.add(e);
                }
                flush(sent::countDown);
            });
            // The next is sent, too.
            assertThat(take(failures)).hasMessage("send");
        }
        sent.await();
    }

    @Test
    void whatFailsIsToldAndTheLeaderGoesOn() {
        leadership.start(true);
        Thread leader = leader();
        lead(() -> {
            throw new IllegalStateException("run");
        });
        steps.add(() -> {
            throw new IllegalStateException("step");
        });
        assertThat(List.of(take(failures), take(failures)))
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("run", "step");
        assertThat(leader()).isSameAs(leader);
    }
}
