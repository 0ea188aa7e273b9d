package io.github.autodaemon.internal.server;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How many calls have been answered, and how long they took from when they came. Any thread may use it. */
final class CallMetrics {
    private final LongAdder answered = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void answered(long age) {
        answered.increment();
        nanos.add(age);
    }

    boolean isEmpty() {
        return answered.sum() == 0;
    }

    void describe(Map<String, @Nullable Object> status) {
        status.put("answered", answered.sum());
        status.put("answeredMicros", TimeUnit.NANOSECONDS.toMicros(nanos.sum()));
    }
}
