package io.github.autodaemon.internal.socket;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The log of a daemon: its standard output and error. Each run has a file of its own, and the file of the run before it is
 * kept. The old file is renamed and not copied: a predecessor that still ends the work of its clients goes on writing to
 * its own.
 */
public final class LogFile {
    /** What starts that failed may leave in one file. */
    private static final long FAILURES = 1 << 20;

    private LogFile() {}

    /**
     * Makes room for a new run. The spawn lock is held.
     *
     * @param lastFailed whether the last start failed; then this one goes on in its file, so that failures in a row do not
     *     push out the log of the last run that served
     * @return where this run begins in the log; -1 when the disk has no room for one, and the daemon does without
     */
    public static long prepare(SocketPath socket, boolean lastFailed) throws IOException {
        Path log = socket.log();
        FileFacts facts = FileFacts.of(log);
        if (facts != null && facts.size() > 0) {
            PrivateFiles.checkOwn(log, facts);
            if (!lastFailed) {
                Files.move(log, socket.previousLog(), StandardCopyOption.ATOMIC_MOVE);
            } else if (facts.size() > FAILURES) {
                Files.delete(log);
            }
        }
        return touch(log);
    }

    /** Makes sure that the log exists and is private, and returns its size; -1 when the disk has no room for it. */
    public static long touch(Path log) throws IOException {
        try {
            return PrivateFiles.createIfMissing(log).size();
        } catch (PrivateFiles.UnsafePathException e) {
            throw e;
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * Keeps the log of this process, its standard error, within bounds: when it has more than {@code limit} bytes, its last
     * part is copied to a file of its own and it begins anew. It was opened to append, so the next line is its first.
     */
    public static void bound(SocketPath socket, FileOutputStream standardError, long limit) throws IOException {
        FileChannel own = standardError.getChannel();
        if (own.size() <= limit || !Files.exists(socket.log()) || !isOurs(socket.log())) {
            return;
        }
        byte[] last = tailBytes(socket.log(), 0, (int) Math.min(limit, Integer.MAX_VALUE));
        // Truncated even if the copy finds no room: a full disk is the time to give some back.
        own.truncate(0);
        PrivateFiles.replace(socket.olderLog(), new String(last, StandardCharsets.UTF_8));
    }

    /** The path may name a successor's log by now. */
    private static boolean isOurs(Path log) throws IOException {
        Path descriptor = Path.of("/dev/fd/2");
        return !Files.exists(descriptor) || Files.isSameFile(descriptor, log);
    }

    /** What was written from {@code start} on, at most the last {@code limit} bytes of it. */
    public static String tail(Path log, long start, int limit) throws IOException {
        return new String(tailBytes(log, start, limit), StandardCharsets.UTF_8);
    }

    private static byte[] tailBytes(Path log, long start, int limit) throws IOException {
        try (FileChannel channel = open(log)) {
            long size = channel.size();
            // Shorter than at the start: it was truncated meanwhile, and all of it is new.
            long from = Math.max(size < start ? 0 : start, size - limit);
            return read(channel, from, limit);
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
