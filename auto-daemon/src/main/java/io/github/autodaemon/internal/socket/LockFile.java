package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock between processes, and between threads of one. The kernel lets go of it when the process dies.
 *
 * <p>A record lock (fcntl(2)) is lost without a sign when its process closes any descriptor of the file. A locked file
 * is therefore never opened a second time in this JVM; the register that sees to it is kept in the system properties,
 * which two class loaders share.
 */
public final class LockFile implements AutoCloseable {
    private static final String REGISTER = "io.github.autodaemon.lock:";
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int ATTEMPTS = 100;

    private final String registered;
    private final FileChannel channel;
    private final FileLock lock;

    private LockFile(String registered, FileChannel channel, FileLock lock) {
        this.registered = registered;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock if it is free; the file is created when missing and never deleted.
     *
     * @return null when another process, or another thread, holds it
     */
    public static @Nullable LockFile tryAcquire(Path file) throws IOException {
        String registered = REGISTER + file;
        Properties register = System.getProperties();
        if (register.putIfAbsent(registered, "held") != null) {
            return null;
        }
        LockFile lock = null;
        try {
            lock = tryAcquire(file, registered);
            return lock;
        } finally {
            if (lock == null) {
                register.remove(registered);
            }
        }
    }

    /**
     * The process that holds a lock, for messages; 0 when it is not known. The file itself is not opened, which could cost
     * this process its own lock: Linux lists all locks with the inodes they are on.
     */
    public static long holder(Path file) {
        try {
            FileFacts facts = FileFacts.of(file);
            if (facts != null) {
                String inode = ":" + facts.inode();
                for (String line : Files.readAllLines(LOCKS)) {
                    String[] fields = line.strip().split(" +", -1);
                    boolean held = fields.length > 5 && !fields[1].equals("->") && fields[5].endsWith(inode);
                    if (held) {
                        return Long.parseLong(fields[4]);
                    }
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static @Nullable LockFile tryAcquire(Path file, String registered) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            FileFacts before = PrivateFiles.createIfMissing(file);
            FileChannel channel;
            try {
                channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                continue;
            }
            FileLock lock = null;
            try {
                lock = channel.tryLock();
                if (lock == null) {
                    return null;
                }
                // A cleaner may delete the file between our look and our lock; a lock on a file without a name
                // excludes nobody. The same file before and after the open is the file that was opened: while we
                // have it open its number cannot be given to another.
                if (before.sameFile(FileFacts.of(file))) {
                    return new LockFile(registered, channel, lock);
                }
                lock = null;
            } finally {
                if (lock == null) {
                    channel.close();
                }
            }
        }
        throw new IOException("the lock file " + file + " was replaced " + ATTEMPTS + " times in a row");
    }

    /** Lets go of the lock. The second call has no effect. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try {
                lock.release();
            } finally {
                channel.close();
                System.getProperties().remove(registered);
            }
        }
    }
}
