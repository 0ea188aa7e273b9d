package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The threads are a queue of the test's own, so every interleaving can be forced. */
class FairSchedulerTest {
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();

    private void runAll() {
        Runnable next = threads.poll();
        while (next != null) {
            next.run();
            next = threads.poll();
        }
    }

    @Test
    void whoQueuesManyDoesNotStarveWhoQueuesOne() {
        FairScheduler turn = new FairScheduler(1, threads::add, thrown::add);
        FairScheduler.Queue many = turn.queue();
        FairScheduler.Queue one = turn.queue();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            many.execute(() -> ran.add("many " + number));
        }
        one.execute(() -> ran.add("one"));
        runAll();
        assertThat(ran).hasSize(1001);
        assertThat(ran.indexOf("one")).isEqualTo(1);
        assertThat(ran)
                .filteredOn(entry -> entry.startsWith("many"))
                .startsWith("many 0", "many 1")
                .endsWith("many 999");
    }

    @Test
    void serialMeansOneThread() {
        FairScheduler turn = new FairScheduler(1, threads::add, thrown::add);
        for (int i = 0; i < 10; i++) {
            turn.queue().execute(() -> ran.add("task"));
        }
        assertThat(threads).hasSize(1);
        runAll();
        assertThat(ran).hasSize(10);
    }

    /** The first task makes the service's object for the client; the calls need it. */
    @Test
    void theSecondTaskOfAQueueStartsWhenTheFirstIsOver() {
        FairScheduler turn = new FairScheduler(2, threads::add, thrown::add);
        FairScheduler.Queue queue = turn.queue();
        queue.execute(() -> {
            ran.add("first begins");
            // Another thread of the pool gets its chance in the middle of the first task.
            Runnable other = threads.poll();
            if (other != null) {
                other.run();
            }
            ran.add("first ends");
        });
        queue.execute(() -> ran.add("second"));
        turn.queue().execute(() -> ran.add("another queue"));
        runAll();
        assertThat(ran).containsExactly("first begins", "another queue", "first ends", "second");
    }

    @Test
    void concurrentMeansSoManyAndNoMore() {
        FairScheduler turn = new FairScheduler(3, threads::add, thrown::add);
        for (int i = 0; i < 10; i++) {
            turn.queue().execute(() -> ran.add("task"));
        }
        assertThat(threads).hasSize(3);
        runAll();
        assertThat(ran).hasSize(10);
    }

    @Test
    void whatThrowsDoesNotEndTheTurn() {
        FairScheduler turn = new FairScheduler(1, threads::add, thrown::add);
        FairScheduler.Queue queue = turn.queue();
        queue.execute(() -> {
            throw new IllegalStateException("from a task");
        });
        queue.execute(() -> ran.add("the next"));
        runAll();
        turn.queue().execute(() -> ran.add("one of another client"));
        runAll();
        assertThat(ran).containsExactly("the next", "one of another client");
        assertThat(thrown).singleElement().satisfies(t -> assertThat(t).hasMessage("from a task"));
    }

    @Test
    void aClosedQueueDropsWhatHasNotStartedButForTheLast() {
        FairScheduler turn = new FairScheduler(1, threads::add, thrown::add);
        FairScheduler.Queue queue = turn.queue();
        queue.execute(() -> ran.add("dropped"));
        queue.closeWith(() -> ran.add("last"));
        queue.execute(() -> ran.add("too late"));
        runAll();
        assertThat(ran).containsExactly("last");
    }

    /** The client goes, and before the service has heard of it the daemon is told to drain. */
    @Test
    void closingAgainDoesNotDropTheLastTask() {
        FairScheduler turn = new FairScheduler(1, threads::add, thrown::add);
        FairScheduler.Queue queue = turn.queue();
        queue.execute(() -> ran.add("a call"));
        queue.closeWith(() -> ran.add("left"));
        queue.close();
        queue.execute(() -> ran.add("too late"));
        runAll();
        assertThat(ran).containsExactly("left");
    }
}
