package io.github.autodaemon.bench.peer;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The floor: one round trip of {@value Raw#SIZE} bytes, printed. {@code RawCommand SOCKET N}. */
final class RawCommand {
    private RawCommand() {}

    /** Runs the command. */
    public static void main(String[] args) throws IOException {
        long sum;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
            ByteBuffer message = ByteBuffer.allocate(Raw.SIZE);
            message.put(0, Raw.ADD).putLong(1, Long.parseLong(args[1]));
            Raw.send(channel, message);
            if (!Raw.receive(channel, message.clear())) {
                throw new IOException("the server has gone");
            }
            sum = message.getLong(1);
        }
        System.out.println(sum);
    }
}
