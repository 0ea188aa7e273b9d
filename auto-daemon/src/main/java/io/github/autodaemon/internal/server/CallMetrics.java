package io.github.autodaemon.internal.server;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts answered calls and the time from their arrival to their answer. Any thread may use this object. */
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
