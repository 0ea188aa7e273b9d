package io.github.autodaemon.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends lines to a file, each in one write(2) to its end, so that those of several processes do not mix and those of a
 * killed one are there. A write that is cut by a kill at the border of a page has no mark at its end, and the next line
 * begins with a line break of its own.
 */
final class Lines implements AutoCloseable {
    static final String MARK = " .";

    private final FileChannel channel;

    Lines(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    synchronized void add(String line) throws IOException {
        String plain = line.replace('\n', ' ').replace('\r', ' ');
        ByteBuffer bytes = ByteBuffer.wrap(("\n" + plain + MARK + "\n").getBytes(StandardCharsets.UTF_8));
        int length = bytes.remaining();
        if (channel.write(bytes) != length) {
            throw new IOException("a line was written in part: " + plain);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
