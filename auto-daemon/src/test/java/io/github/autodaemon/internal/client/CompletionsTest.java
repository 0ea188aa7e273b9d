package io.github.autodaemon.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompletionsTest {
    private final AtomicInteger threads = new AtomicInteger();
    private final Completions completions = new Completions(task -> {
        threads.incrementAndGet();
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    });

    private static Runnable awaiting(CountDownLatch latch, CountDownLatch done) {
        return () -> {
            try {
                latch.await();
                done.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
    }

    /** As little as a system out of threads may let a process do. */
    @Test
    void whereNoThreadCanBeMadeTheyAreRunAllTheSame() throws Exception {
        AtomicInteger refusals = new AtomicInteger(3);
        Completions starved = new Completions(task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        });
        CountDownLatch done = new CountDownLatch(5);
        starved.add(List.of(done::countDown, done::countDown));
        starved.add(List.of(done::countDown));
        assertThat(done.getCount()).isEqualTo(2);
        CountDownLatch second = new CountDownLatch(1);
        starved.add(List.of(awaiting(second, done), second::countDown, done::countDown));
        done.await();
    }

    /** What continues a future waits for one whose answer came with it, or after it. */
    @Test
    void whoBlocksHoldsUpNobody() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch fourth = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(2);
        completions.add(List.of(awaiting(second, done), second::countDown));
        completions.add(List.of(awaiting(fourth, done)));
        completions.add(List.of(fourth::countDown));
        done.await();
    }

    @Test
    void manyBlockAndAllOfThemUntilTheLast() throws InterruptedException {
        int count = 20;
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(count);
        List<Runnable> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(awaiting(last, done));
        }
        all.add(last::countDown);
        completions.add(all);
        done.await();
    }

    @Test
    void eachRunsOnceAndNotOnAThreadOfItsOwn() throws InterruptedException {
        LinkedBlockingQueue<Integer> ran = new LinkedBlockingQueue<>();
        List<Integer> expected = new ArrayList<>();
        for (int batch = 0; batch < 100; batch++) {
            List<Runnable> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int number = expected.size();
                expected.add(number);
                all.add(() -> ran.add(number));
            }
            completions.add(all);
        }
        List<Integer> seen = new ArrayList<>();
        while (seen.size() < expected.size()) {
            seen.add(ran.take());
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(threads.get()).isLessThan(expected.size());
    }
}
