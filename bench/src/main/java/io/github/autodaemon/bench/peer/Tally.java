package io.github.autodaemon.bench.peer;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Service;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Our own service: what every server of a measurement can do. */
public interface Tally {
    /** Adds {@code n} and gives the sum. */
    long add(long n);

    /** The same, asynchronously. */
    CompletableFuture<Long> addLater(long n);

    /** Gives it back. */
    String text(String text);

    /** Gives it back. */
    Item item(Item item);

    /** Gives so many bytes. */
    Duplex bytes(long count);

    /** Gives up the path; this connection goes on, and its streams share it. */
    void retire();

    /** Ends the daemon. */
    void close();

    /** The daemon at this path. */
    static AutoDaemon<Tally> at(Path socket) {
        return AutoDaemon.of(Tally.class, TallyService.class).socket(socket).build();
    }

    /** Runs in the daemon. */
    final class TallyService implements Service<Tally> {
        private long sum;

        @Override
        public Tally connected(Client client) {
            return new Tally() {
                @Override
                public long add(long n) {
                    sum += n;
                    return sum;
                }

                @Override
                public CompletableFuture<Long> addLater(long n) {
                    return CompletableFuture.completedFuture(add(n));
                }

                @Override
                public String text(String text) {
                    return text;
                }

                @Override
                public Item item(Item item) {
                    return item;
                }

                @Override
                public Duplex bytes(long count) {
                    return Duplex.serve(stream -> {
                        byte[] block = new byte[Raw.BLOCK];
                        OutputStream out = stream.output();
                        for (long left = count; left > 0; left -= block.length) {
                            out.write(block, 0, (int) Math.min(left, block.length));
                        }
                    });
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
}
