package io.github.autodaemon.bench.peer;

import io.github.autodaemon.Connection;
import io.github.autodaemon.Duplex;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Our client, typed. */
public class TallyPeer implements Peer {
    private final Connection<Tally> connection;
    private final Tally tally;

    /** Connects. */
    public TallyPeer(Path socket) {
        connection = Tally.at(socket).connect();
        tally = connection.rpc();
    }

    /** Somebody wants to be told when the connection ends. */
    public static final class Listening extends TallyPeer {
        /** Connects. */
        public Listening(Path socket) {
            super(socket);
            super.connection.onClose(() -> {});
        }
    }

    /** Its streams share the connection of the calls, since the daemon has given up its path. */
    public static final class Shared extends TallyPeer {
        /** Connects. */
        public Shared(Path socket) {
            super(socket);
            super.tally.retire();
        }
    }

    @Override
    public long add(long n) {
        return tally.add(n);
    }

    @Override
    public void pipelined(int calls, int outstanding) throws Exception {
        Window.run(calls, outstanding, tally::addLater);
    }

    @Override
    public String text(String text) {
        return tally.text(text);
    }

    @Override
    public Item item(Item item) {
        return tally.item(item);
    }

    @Override
    public long bytes(long count) throws IOException {
        try (Duplex stream = tally.bytes(count)) {
            byte[] block = new byte[Raw.BLOCK];
            InputStream in = stream.input();
            long all = 0;
            for (int size = in.read(block); size >= 0; size = in.read(block)) {
                all += size;
            }
            return all;
        }
    }

    @Override
    public Closeable stall() throws IOException {
        Duplex stream = tally.bytes(Long.MAX_VALUE);
        if (stream.input().read() < 0) {
            throw new IOException("the stream has ended");
        }
        return () -> stream.cancel("measured");
    }

    @Override
    public void close() {
        connection.close();
    }
}
