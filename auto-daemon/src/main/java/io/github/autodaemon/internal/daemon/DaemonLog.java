package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.LogFile;
import io.github.autodaemon.internal.fs.LogLines;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process, which is its standard error, within a bound. At the bound the log begins anew: the printing
 * thread copies the old content to a file beside the log, so the log cannot grow faster than it is copied. The file
 * stays the same, since the JVM and the service's children also write to it; their output is checked about once a
 * second.
 *
 * <p>No channels: the printing thread may be interrupted, which closes a channel.
 */
final class DaemonLog extends OutputStream {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final int CHUNK = 64 * 1024;

    /** This process has one standard error. */
    static final DaemonLog LOG = new DaemonLog();

    private final ReentrantLock lock = new ReentrantLock();
    private OutputStream out = new FileOutputStream(FileDescriptor.err);
    private byte[] first = {};
    private long size;
    private long limit = Long.MAX_VALUE;
    private @Nullable SocketPath socket;
    private @Nullable RandomAccessFile file;
    private @Nullable FileFacts facts;

    /** The former standard error, which a new file has replaced; the JVM goes on writing to it. */
    private @Nullable RandomAccessFile abandoned;

    private DaemonLog() {}

    /** Prints one line of the library. */
    static void say(String line) {
        LogLines.own(LOG, line);
    }

    /** From now on the log has at most {@code limit} bytes, unless a single line has more. */
    void bound(SocketPath socket, long limit) {
        lock.lock();
        try {
            FileFacts opened = FileFacts.ofOpen(STANDARD_ERROR);
            // On a full disk there is no log, and on systems other than Linux it has no second name.
            if (opened != null && opened.isRegular()) {
                file = new RandomAccessFile(STANDARD_ERROR.toFile(), "rw");
                facts = opened;
                size = opened.size();
                this.socket = socket;
                this.limit = limit;
            }
        } catch (IOException e) {
            say("the log is not kept within bounds: " + PrivateFiles.reason(e));
        } finally {
            lock.unlock();
        }
    }

    /** The line that says why the daemon was started stays the first one. */
    void begin(byte[] line) {
        lock.lock();
        try {
            first = line;
            write(line);
        } catch (IOException e) {
            // A full disk is no reason not to start.
            size = 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            if (size + length > limit) {
                cut();
            }
            out.write(bytes, offset, length);
            size += length;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Checks the output of other writers, and replaces a deleted log with a new file.
     *
     * @param serves whether the log's path belongs to this daemon, and not to a successor
     */
    void look(boolean serves) throws IOException {
        // The printing thread does this at the moment.
        if (!lock.tryLock()) {
            return;
        }
        try {
            RandomAccessFile current = file;
            SocketPath place = socket;
            if (current == null || place == null) {
                return;
            }
            size = current.length();
            if (size > limit) {
                Thread cut = new Thread(this::cutIfTooLong, "auto-daemon-log");
                cut.setDaemon(true);
                cut.start();
            }
            RandomAccessFile old = abandoned;
            if (old != null && old.length() > limit) {
                old.setLength(0);
            }
            if (serves && FileFacts.of(place.log()) == null) {
                replace(place, current);
            }
        } finally {
            lock.unlock();
        }
    }

    private void cutIfTooLong() {
        lock.lock();
        try {
            if (size > limit) {
                cut();
            }
        } catch (IOException e) {
            say("the log could not be cut: " + PrivateFiles.reason(e));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The path may name a successor's log by now, or no file. The log is truncated even if there is no room for the
     * copy: this frees space.
     */
    private void cut() throws IOException {
        RandomAccessFile current = file;
        SocketPath place = socket;
        if (current == null || place == null) {
            return;
        }
        String failure = null;
        try {
            FileFacts named = FileFacts.of(place.log());
            if (named != null && named.sameFile(facts)) {
                copy(current, place.olderLog());
            }
        } catch (IOException e) {
            failure = PrivateFiles.reason(e);
        }
        current.setLength(0);
        size = 0;
        // The log was opened to append, so the next write is its first line.
        if (first.length <= limit / 2) {
            out.write(first);
            size = first.length;
        }
        if (failure != null) {
            out.write(LogLines.own("what the log had until now was not kept: " + failure));
        }
    }

    private void copy(RandomAccessFile from, Path older) throws IOException {
        Path temporary = PrivateFiles.besides(older);
        boolean done = false;
        try (OutputStream to = PrivateFiles.create(temporary)) {
            byte[] chunk = new byte[CHUNK];
            // At most {@code limit} bytes: another process may have written more.
            from.seek(Math.max(0, from.length() - limit));
            for (int n = from.read(chunk); n > 0; n = from.read(chunk)) {
                to.write(chunk, 0, n);
            }
            Files.move(temporary, older, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** The deleted file is emptied, and the JVM's own output goes on to it: no path leads there. */
    private void replace(SocketPath place, RandomAccessFile nameless) throws IOException {
        LogFile.touch(place.log());
        RandomAccessFile fresh = LogFile.open(place.log(), name -> new RandomAccessFile(name, "rw"));
        OutputStream before = out;
        out = LogFile.open(place.log(), name -> new FileOutputStream(name, true));
        facts = FileFacts.of(place.log());
        file = fresh;
        size = 0;
        if (abandoned == null) {
            abandoned = nameless;
            nameless.setLength(0);
        } else {
            before.close();
            nameless.close();
        }
        out.write(first);
        out.write(LogLines.own("the log had been deleted; what the JVM itself prints is not in this one"));
    }
}
