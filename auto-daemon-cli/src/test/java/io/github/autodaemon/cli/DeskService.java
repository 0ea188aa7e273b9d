package io.github.autodaemon.cli;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The service behind {@link Desk}. With the property {@code desk.gate} it is not made before that file exists. */
public final class DeskService implements Service<Desk> {
    private long sum;

    /** Waits for the gate. */
    public DeskService() {
        String gate = System.getProperty("desk.gate");
        while (gate != null && !Files.exists(Path.of(gate))) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public Desk connected(Client client) {
        return new Desk() {
            @Override
            public long add(long n) {
                sum += n;
                return sum;
            }

            @Override
            public void hold() {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            }

            @Override
            public void fail(String message) {
                throw new IllegalStateException(message);
            }

            @Override
            public Map<String, Object> mirror(Map<String, Object> value) {
                return value;
            }

            @Override
            public void print(String out, String err) {
                System.out.println(out);
                System.err.println(err);
            }

            @Override
            public Duplex echo() {
                return Duplex.serve(stream -> stream.input().transferTo(stream.output()));
            }

            @Override
            public void paint(Paint colour) {
                System.out.println(colour);
            }

            @Override
            public void retire() {
                client.server().close();
            }

            @Override
            public void close() {
                client.server().close();
                client.close();
            }
        };
    }
}
