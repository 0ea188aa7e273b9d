package io.github.autodaemon.interop;

import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Sends bytes of {@link Pattern} through a stream while what comes is read. */
final class Transfer {
    private static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "transfer");
        thread.setDaemon(true);
        thread.start();
    };

    private Transfer() {}

    /** The SHA-256 of what came back, when all has. */
    static CompletableFuture<String> start(Duplex stream, long count) {
        CompletableFuture<Void> sent = CompletableFuture.runAsync(
                () -> {
                    try (OutputStream out = stream.output()) {
                        Pattern.write(out, count);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                THREADS);
        CompletableFuture<String> received = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Pattern.digest(stream.input());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                THREADS);
        return sent.thenCombine(received, (nothing, digest) -> digest);
    }
}
