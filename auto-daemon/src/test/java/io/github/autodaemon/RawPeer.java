package io.github.autodaemon;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client in a few lines, which says just what it is told to. */
final class RawPeer implements AutoCloseable {
    private final SocketChannel channel;
    private boolean opened;

    private RawPeer(SocketChannel channel) {
        this.channel = channel;
    }

    static RawPeer connect(Path socket) throws IOException {
        return new RawPeer(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** Sends a line on the stream "1"; of less than 128 bytes, whose length is one byte. */
    void send(String line) throws IOException {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(text.length + 4);
        if (!opened) {
            opened = true;
            frame.put(new byte[] {0x08, 0});
        }
        frame.put((byte) 0x0a).put((byte) text.length).put(text).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
