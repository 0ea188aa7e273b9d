package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock between processes, and between threads of one process. The kernel releases the lock when the
 * process dies, whatever the process has forked.
 *
 * <p>A record lock (fcntl(2)) is silently lost when its process closes any descriptor of the file. So if this JVM has
 * locked a file elsewhere, which the JDK knows across class loaders, its descriptor is not closed but kept for the next
 * attempt.
 */
public final class LockFile implements AutoCloseable {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int ATTEMPTS = 100;
    private static final int MAX_NOTE = 1000;

    /** The descriptors of files that another thread held at the last attempt. */
    private static final Map<Path, Opened> KEPT = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private LockFile(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    private record Opened(FileChannel channel, FileFacts facts) {}

    /**
     * The monitor that is held from an attempt until its descriptor is closed; a JVM has only one copy of an interned
     * text.
     */
    private static Object turnstile(Path file) {
        return ("io.github.autodaemon.lock:" + file).intern();
    }

    /**
     * Takes the lock if it is free; the file is created when missing and never deleted.
     *
     * @return null when another process, or another thread, holds it
     */
    public static @Nullable LockFile tryAcquire(Path file) throws IOException {
        synchronized (turnstile(file)) {
            for (int i = 0; i < ATTEMPTS; i++) {
                FileFacts before = PrivateFiles.createIfMissing(file);
                Opened opened;
                try {
                    opened = open(file, before);
                } catch (NoSuchFileException e) {
                    continue;
                } catch (IOException e) {
                    throw unusable(file, "opened", e);
                }
                boolean close = true;
                try {
                    FileLock lock = lock(file, opened.channel);
                    if (lock == null) {
                        return null;
                    }
                    // A cleaner may delete the file between our look and our lock; a lock on a file without a name
                    // excludes no process. The same file before and after the open is the file that was opened: while
                    // we have it open its inode number cannot be given to another file.
                    if (before.sameFile(FileFacts.of(file))) {
                        close = false;
                        return new LockFile(file, opened.channel, lock);
                    }
                } catch (OverlappingFileLockException e) {
                    close = false;
                    KEPT.put(file, opened);
                    return null;
                } finally {
                    if (close) {
                        opened.channel.close();
                    }
                }
            }
        }
        throw new IOException("the lock file " + file + " was replaced " + ATTEMPTS + " times in a row");
    }

    /**
     * True if no process holds the lock at this moment; the file is not created. {@link #holder} would not do: it does
     * not see processes of another process-id namespace.
     */
    public static boolean isFree(Path file) throws IOException {
        if (FileFacts.of(file) == null) {
            return true;
        }
        LockFile lock = tryAcquire(file);
        if (lock != null) {
            lock.close();
        }
        return lock != null;
    }

    /**
     * The id of the process that holds a lock, for messages; 0 when it is not known. The file itself is not opened,
     * which could cost this process its own lock: Linux lists all locks with the inodes they are on.
     */
    public static long holder(Path file) {
        try {
            FileFacts facts = FileFacts.of(file);
            return facts == null ? 0 : holder(Files.readAllLines(LOCKS), facts.device(), facts.inode());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Inode numbers repeat on each file system. File systems without a device of their own (btrfs, overlayfs) may have
     * one device number here and another in {@code stat}, so there a single lock with the inode number is accepted.
     */
    static long holder(List<String> locks, long device, long inode) {
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >>> 12 & 0xffffff00L);
        Set<Long> others = new HashSet<>();
        for (String line : locks) {
            String[] fields = line.strip().split(" +", -1);
            String[] place = fields.length > 5 && !fields[1].equals("->") ? fields[5].split(":", -1) : fields;
            if (place.length == 3 && Long.parseLong(place[2]) == inode) {
                long pid = Long.parseLong(fields[4]);
                boolean nameless = major == 0 && Long.parseLong(place[0], 16) == 0;
                if (Long.parseLong(place[0], 16) == major && Long.parseLong(place[1], 16) == minor) {
                    return pid;
                } else if (nameless) {
                    others.add(pid);
                }
            }
        }
        return others.size() == 1 ? others.iterator().next() : 0;
    }

    private static Opened open(Path file, FileFacts facts) throws IOException {
        Opened kept = KEPT.remove(file);
        if (kept != null && kept.facts.sameFile(facts)) {
            return kept;
        }
        if (kept != null) {
            // The descriptor of a file that has no name any more.
            kept.channel.close();
        }
        return new Opened(
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                facts);
    }

    private static @Nullable FileLock lock(Path file, FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (IOException e) {
            throw unusable(file, "locked", e);
        }
    }

    private static IOException unusable(Path file, String what, IOException e) {
        return new IOException(
                "the lock file " + file + " cannot be " + what + ": " + PrivateFiles.reason(e)
                        + "; try again, or use a directory of a file system that works and has locks",
                e);
    }

    /** The note of an earlier holder in the file; empty when there is none. */
    public String note() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_NOTE);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // Until the end.
        }
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** Leaves a note for the next holder of the lock. */
    public void leaveNote(String text) throws IOException {
        FileFacts facts = FileFacts.of(file);
        if (facts == null || facts.links() > 1) {
            // A file with another name is not written to.
            return;
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Releases the lock. The second call has no effect. */
    @Override
    public void close() throws IOException {
        synchronized (turnstile(file)) {
            if (channel.isOpen()) {
                try {
                    lock.release();
                } catch (IOException e) {
                    // The kernel releases the lock when the file is closed.
                    assert channel.isOpen();
                } finally {
                    channel.close();
                }
            }
        }
    }
}
