package io.github.autodaemon.bench.peer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;

/** Calls that overlap, for clients whose calls give futures: the oldest is awaited before one more is made. */
public final class Window {
    private Window() {}

    /** Makes one call. */
    public interface Call {
        /** The future of its answer. */
        Future<?> make(int n) throws Exception;
    }

    /** Makes so many calls and awaits them all. */
    public static void run(int calls, int outstanding, Call call) throws Exception {
        Queue<Future<?>> open = new ArrayDeque<>(outstanding);
        for (int i = 0; i < calls; i++) {
            if (open.size() == outstanding) {
                open.remove().get();
            }
            open.add(call.make(i));
        }
        for (Future<?> last : open) {
            last.get();
        }
    }
}
