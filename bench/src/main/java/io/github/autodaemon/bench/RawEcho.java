package io.github.autodaemon.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The least that two JVMs can do over a Unix socket: messages of a fixed size, there and back. */
final class RawEcho {
    /** About what a call of our own takes on the wire. */
    static final int SIZE = 20;

    private RawEcho() {}

    /** Serves one connection, on the socket that the argument names. */
    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
            System.out.println("ready");
            try (SocketChannel channel = listener.accept()) {
                ByteBuffer message = ByteBuffer.allocateDirect(SIZE);
                while (receive(channel, message)) {
                    send(channel, message);
                }
            }
        }
    }

    /** Reads one message; false at the end. */
    static boolean receive(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
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
