package io.github.autodaemon.bench.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of {@link Raw}, with direct buffers. */
public class RawPeer implements Peer {
    private final SocketChannel channel;
    private final ByteBuffer head = ByteBuffer.allocateDirect(Raw.SIZE);
    private final boolean direct;
    private ByteBuffer body = ByteBuffer.allocate(0);

    /** Connects. */
    public RawPeer(Path socket) throws IOException {
        this(socket, true);
    }

    RawPeer(Path socket, boolean direct) throws IOException {
        this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        this.direct = direct;
    }

    /** The same, with arrays of the heap for streams. */
    public static final class Heap extends RawPeer {
        /** Connects. */
        public Heap(Path socket) throws IOException {
            super(socket, false);
        }
    }

    private void say(byte kind, long number) throws IOException {
        head.clear().put(0, kind).putLong(1, number);
        Raw.send(channel, head);
    }

    private long hear() throws IOException {
        fill(head.clear());
        return head.getLong(1);
    }

    private void fill(ByteBuffer buffer) throws IOException {
        if (!Raw.receive(channel, buffer)) {
            throw new EOFException("the server has gone");
        }
    }

    @Override
    public long add(long n) throws IOException {
        say(Raw.ADD, n);
        return hear();
    }

    @Override
    public void pipelined(int calls, int outstanding) throws IOException {
        for (int i = 0; i < calls + outstanding; i++) {
            if (i >= outstanding) {
                hear();
            }
            if (i < calls) {
                say(Raw.ADD, i);
            }
        }
    }

    @Override
    public String text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (body.capacity() < bytes.length) {
            body = ByteBuffer.allocateDirect(bytes.length);
        }
        say(Raw.TEXT, bytes.length);
        Raw.send(channel, body.clear().put(bytes).flip());
        fill(body.clear().limit((int) hear()));
        byte[] back = new byte[body.remaining()];
        body.get(back);
        return new String(back, StandardCharsets.UTF_8);
    }

    @Override
    public long bytes(long count) throws IOException {
        say(direct ? Raw.BYTES : Raw.HEAP_BYTES, count);
        ByteBuffer block = Raw.block(direct);
        long all = 0;
        while (all < count) {
            int size = channel.read(block.clear());
            if (size < 0) {
                throw new EOFException("the server has gone");
            }
            all += size;
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
