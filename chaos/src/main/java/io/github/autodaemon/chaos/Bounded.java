package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemonException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the driver itself asks of the library, on a thread of its own: if it hangs, that is a finding and no hang. */
final class Bounded {
    private static final int SLACK_MILLIS = 10_000;

    private Bounded() {}

    /** The result; a {@link Violation} when there is none in time. */
    static <R> R within(int millis, String what, Callable<R> action) {
        FutureTask<R> task = new FutureTask<>(action);
        Thread thread = new Thread(task, "chaos-driver");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(millis + SLACK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Violation(what + " does not end within " + millis + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AutoDaemonException expected) {
                throw expected;
            }
            throw new Violation(what + " failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
