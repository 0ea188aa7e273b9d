package io.github.autodaemon.junit;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Reference;
import io.github.autodaemon.Service;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Made for each test, in its process or in a daemon. */
final class LabService implements Service<Lab> {
    private static final long A_WHILE = TimeUnit.MILLISECONDS.toNanos(50);

    private int sum;

    @Override
    public Lab connected(Client client) {
        return new Lab() {
            @Override
            public int add(int n) {
                sum += n;
                return sum;
            }

            @Override
            public long pid() {
                return ProcessHandle.current().pid();
            }

            @Override
            public List<String> args() {
                return client.args();
            }

            @Override
            public Duplex echo() {
                return Duplex.serve(LabService::copy);
            }

            @Override
            public CompletableFuture<String> never() {
                return new CompletableFuture<>();
            }

            @Override
            public CompletableFuture<String> soon() {
                return new CompletableFuture<String>().completeOnTimeout("soon", A_WHILE, TimeUnit.NANOSECONDS);
            }

            @Override
            public void block() {
                LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
            }

            @Override
            public void ref() {
                Reference unused = client.ref();
            }

            @Override
            public void refOfClient() {
                Reference reference = client.ref();
                client.onClose(() -> {
                    LockSupport.parkNanos(A_WHILE);
                    reference.close();
                });
            }

            @Override
            public void close() {
                client.server().close();
            }

            @Override
            public void stay() {
                Thread thread = new Thread(() -> LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1)));
                thread.setDaemon(false);
                thread.start();
            }

            @Override
            public void say(String line) {
                System.err.println(line);
            }
        };
    }

    private static void copy(Duplex stream) throws IOException {
        stream.input().transferTo(stream.output());
        LockSupport.parkNanos(A_WHILE);
    }
}
