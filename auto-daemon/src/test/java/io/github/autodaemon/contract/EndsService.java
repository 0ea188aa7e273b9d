package io.github.autodaemon.contract;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Service;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Hands the service's ends of its streams to the test, which runs in the same process. */
public final class EndsService implements Service<EndsService.Ends> {
    /** What it serves. */
    public interface Ends {
        /** A stream that does nothing by itself. */
        Duplex open();

        /** Returns its argument. */
        int ping(int n);
    }

    private static final BlockingQueue<Duplex> SERVED = new LinkedBlockingQueue<>();
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Forgets streams that nobody took. */
    public static void forget() {
        SERVED.clear();
    }

    /** The service's end of the next stream that is opened. */
    public static Duplex take() throws InterruptedException {
        return SERVED.take();
    }

    @Override
    public Ends connected(Client client) {
        return new Ends() {
            @Override
            public Duplex open() {
                return Duplex.serve(stream -> {
                    SERVED.add(stream);
                    try {
                        NEVER.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }

            @Override
            public int ping(int n) {
                return n;
            }
        };
    }
}
