package io.github.autodaemon.bench;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Service;
import java.io.OutputStream;

/** A service that gives bytes. */
public interface Flow {
    /** Gives so many bytes. */
    Duplex bytes(long count);

    /** Gives {@code n} back. */
    long echo(long n);

    /** Gives up the path; this connection goes on, and its streams share it. */
    void retire();

    /** Ends the daemon. */
    void close();

    /** Runs in the daemon. */
    final class FlowService implements Service<Flow> {
        @Override
        public Flow connected(Client client) {
            return new Flow() {
                @Override
                public Duplex bytes(long count) {
                    return Duplex.serve(stream -> {
                        byte[] block = new byte[RawFlow.BLOCK];
                        OutputStream out = stream.output();
                        for (long left = count; left > 0; left -= block.length) {
                            out.write(block, 0, (int) Math.min(left, block.length));
                        }
                    });
                }

                @Override
                public long echo(long n) {
                    return n;
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
