package io.github.autodaemon.internal.fs;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The log of a daemon: its standard output and error. Each run has a file of its own, and the file of the previous run
 * is kept. The old file is renamed and not copied: a predecessor that still finishes the work of its clients goes on
 * writing to its own file.
 */
public final class LogFile {
    /** The bytes that failed starts may leave in one file. */
    private static final long FAILURES = 1 << 20;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private LogFile() {}

    /**
     * Makes room for a new run. The spawn lock is held.
     *
     * @param lastFailed whether the last start failed; then this start goes on in the same file, so that failures in a
     *     row do not push out the log of the last run that served
     * @param report takes a line about a log that could not be kept
     * @return where this run begins in the log; -1 when the disk has no room for a log, and the daemon runs without one
     */
    public static long prepare(SocketPath socket, boolean lastFailed, Consumer<String> report) throws IOException {
        Path log = socket.log();
        FileFacts facts = FileFacts.of(log);
        if (facts != null && (facts.size() > 0 || facts.links() > 1)) {
            PrivateFiles.checkOwn(log, facts);
            if (!lastFailed) {
                keep(socket, report);
            } else if (facts.size() > FAILURES || facts.links() > 1) {
                // A file with another name is not appended to.
                Files.delete(log);
            }
        }
        return touch(log);
    }

    private static void keep(SocketPath socket, Consumer<String> report) throws IOException {
        try {
            FileFacts last = FileFacts.of(socket.previousLog());
            if (last != null) {
                PrivateFiles.checkOwn(socket.previousLog(), last);
            }
            Files.move(socket.log(), socket.previousLog(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // No reason not to start.
            report.accept("the log of the last run was not kept: " + PrivateFiles.reason(e));
            Files.delete(socket.log());
        }
    }

    /** As {@link #prepare}, for a run while its predecessor still has the log. */
    public static long prepareNext(SocketPath socket, Consumer<String> report) {
        try {
            Files.deleteIfExists(socket.nextLog());
            return touch(socket.nextLog());
        } catch (IOException e) {
            // No reason not to start.
            report.accept("there will be no log: " + PrivateFiles.reason(e));
            return -1;
        }
    }

    /**
     * Renames the logs when the daemon at a path has retired, and its successor already has a log. The spawn lock is
     * held.
     */
    public static void succeed(SocketPath socket, Consumer<String> report) throws IOException {
        if (FileFacts.of(socket.log()) != null) {
            keep(socket, report);
        }
        Files.move(socket.nextLog(), socket.log(), StandardCopyOption.ATOMIC_MOVE);
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

    /** An action that needs the name of the opened file. */
    public interface Use<T> {
        /** Runs the action. */
        T with(File file) throws IOException;
    }

    /**
     * Opens the log and runs an action with a name of the file that no link can redirect, whatever happens to the path.
     * On systems without such a name the path is used.
     */
    public static <T> T open(Path log, Use<T> use) throws IOException {
        try (FileChannel channel = openToWrite(log)) {
            FileFacts opened = FileFacts.of(log);
            if (Files.isDirectory(DESCRIPTORS)) {
                try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
                    for (Path descriptor : all) {
                        FileFacts facts = FileFacts.ofOpen(descriptor);
                        if (facts != null && facts.isRegular() && facts.sameFile(opened)) {
                            return use.with(descriptor.toFile());
                        }
                    }
                }
                throw new IOException("the log " + log + " was replaced while it was being opened");
            }
            assert channel.isOpen();
            return use.with(log.toFile());
        }
    }

    private static FileChannel openToWrite(Path log) throws IOException {
        try {
            return PrivateFiles.open(log, StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            throw new IOException(
                    "the log cannot be opened: " + PrivateFiles.reason(e) + "; mend that, or delete it", e);
        }
    }

    /** Adds a line that another process than the daemon writes. */
    public static void append(Path log, String line) throws IOException {
        open(log, file -> {
            try (OutputStream out = new FileOutputStream(file, true)) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return log;
        });
    }

    /** The text from {@code start} on, at most its last {@code limit} bytes. */
    public static String tail(Path log, long start, int limit) throws IOException {
        return new String(tailBytes(log, start, limit), StandardCharsets.UTF_8);
    }

    private static byte[] tailBytes(Path log, long start, int limit) throws IOException {
        try (FileChannel channel = open(log)) {
            long size = channel.size();
            // Shorter than at the start: the log was truncated meanwhile, and its whole content is new.
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
        return PrivateFiles.open(log, StandardOpenOption.READ);
    }

    private static byte[] read(FileChannel channel, long from, int limit) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(limit, channel.size() - from)));
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // Until the end.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
