package io.github.autodaemon.bench.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that two JVMs can do over a Unix socket, with blocking channels and a thread for each connection. A request
 * and a reply have a head of {@value #SIZE} bytes, about what a call of our own takes: a kind, and a number.
 */
public final class Raw {
    static final int SIZE = 20;
    static final byte ADD = 1;
    /** The number is that of the bytes that follow, which come back. */
    static final byte TEXT = 2;
    /** The number is that of the bytes to give. */
    static final byte BYTES = 3;

    static final byte HEAP_BYTES = 4;
    /** What a stream writes at once, and a reader takes at most, with every peer. */
    public static final int BLOCK = 64 * 1024;

    private static final AtomicLong SUM = new AtomicLong();

    private Raw() {}

    /** Serves on the socket that the argument names. */
    public static void main(String[] args) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
        start(() -> {
            while (true) {
                SocketChannel channel = listener.accept();
                start(() -> serve(channel));
            }
        });
        Serving.untilInputEnds();
    }

    private interface Body {
        void run() throws IOException;
    }

    private static void start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException e) {
                // The client has gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void serve(SocketChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocateDirect(SIZE);
        ByteBuffer body = ByteBuffer.allocate(0);
        while (receive(channel, head.clear())) {
            byte kind = head.get(0);
            long number = head.getLong(1);
            if (kind == ADD) {
                head.putLong(1, SUM.addAndGet(number));
                send(channel, head);
            } else if (kind == TEXT) {
                if (body.capacity() < number) {
                    body = ByteBuffer.allocateDirect((int) number);
                }
                body.clear().limit((int) number);
                if (!receive(channel, body)) {
                    throw new EOFException("in the middle of a text");
                }
                send(channel, head);
                send(channel, body);
            } else {
                give(channel, number, kind == BYTES);
            }
        }
    }

    private static void give(SocketChannel channel, long count, boolean direct) throws IOException {
        ByteBuffer block = block(direct);
        for (long left = count; left > 0; left -= BLOCK) {
            block.clear().limit((int) Math.min(left, BLOCK));
            send(channel, block);
        }
    }

    static ByteBuffer block(boolean direct) {
        return direct ? ByteBuffer.allocateDirect(BLOCK) : ByteBuffer.allocate(BLOCK);
    }

    /** Fills the buffer and flips it; false at the end. */
    static boolean receive(SocketChannel channel, ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                return false;
            }
        }
        message.flip();
        return true;
    }

    static void send(SocketChannel channel, ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }
}
