package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Prints a daemon's output on the same stream of this process, from now until the follower is closed. */
public final class LogFollower implements AutoCloseable {
    private static final long POLL_MILLIS = 50;
    private static final int CHUNK = 1 << 20;

    private final Path log;
    private final Path older;
    private final Thread thread;
    private long position;
    private @Nullable FileFacts file;
    private @Nullable FileFacts cut;
    private boolean closed;

    public LogFollower(Path log, long position) throws IOException {
        this.log = log;
        this.position = position;
        this.file = FileFacts.of(log);
        this.older = log.resolveSibling(log.getFileName() + ".older");
        this.cut = FileFacts.of(older);
        this.thread = new Thread(this::run, "auto-daemon-debug");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private synchronized void run() {
        try {
            while (!closed) {
                copy();
                wait(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy() {
        try {
            FileFacts now = FileFacts.of(log);
            if (now == null) {
                // Between two runs.
                return;
            }
            if (!now.sameFile(file)) {
                // The log of the last run has another name now.
                position = 0;
            }
            FileFacts before = FileFacts.of(older);
            if (now.sameFile(file) && before != null && !before.equals(cut)) {
                // The log was cut, and its old content is in the file beside it.
                print(older);
                position = 0;
            } else if (now.size() < position) {
                position = 0;
            }
            file = now;
            cut = before;
            print(log);
        } catch (NoSuchFileException e) {
            // The log was removed between the look and now.
            return;
        } catch (IOException e) {
            System.err.println("auto-daemon: the log " + log + " cannot be read: " + PrivateFiles.reason(e));
            closed = true;
        }
    }

    private void print(Path from) throws IOException {
        byte[] bytes = LogFile.read(from, position, CHUNK);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        position += end;
        new String(bytes, 0, end, StandardCharsets.UTF_8).lines().forEach(LogFollower::print);
    }

    private static void print(String line) {
        switch (LogLines.markOf(line)) {
            case LogLines.OUT -> System.out.println(LogLines.textOf(line));
            case LogLines.ERR -> System.err.println(LogLines.textOf(line));
            default -> System.err.println(Printable.of(line));
        }
    }

    /** Prints the output until now, and stops. */
    @Override
    public synchronized void close() {
        if (!closed) {
            copy();
            closed = true;
            notifyAll();
        }
    }
}
