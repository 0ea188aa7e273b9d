package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The log of a daemon: its standard output and error. */
public final class LogFile {
    private LogFile() {}

    /** Makes sure that the log exists and is private, and returns its size: where the next run begins. */
    public static long prepare(Path log) throws IOException {
        return PrivateFiles.createIfMissing(log).size();
    }

    /** What was written from {@code start} on, at most the last {@code limit} bytes of it. */
    public static String tail(Path log, long start, int limit) throws IOException {
        try (FileChannel channel = open(log)) {
            long size = channel.size();
            // Shorter than at the start: it was truncated meanwhile, and all of it is new.
            long from = Math.max(size < start ? 0 : start, size - limit);
            return new String(read(channel, from, limit), StandardCharsets.UTF_8);
        }
    }

    /** The bytes from {@code start} on, at most {@code limit} of them. */
    public static byte[] read(Path log, long start, int limit) throws IOException {
        try (FileChannel channel = open(log)) {
            return read(channel, start, limit);
        }
    }

    private static FileChannel open(Path log) throws IOException {
        return FileChannel.open(log, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private static byte[] read(FileChannel channel, long from, int limit) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(limit, channel.size() - from)));
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // Until the end.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
