package io.github.autodaemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One of two ends that are joined in memory. */
final class MemoryDuplex implements Duplex {
    private static final int CAPACITY = 64 * 1024;

    /** The state that both ends share: the lock, and both directions. */
    private static final class Join {
        private final Pipe forth = new Pipe(this);
        private final Pipe back = new Pipe(this);
    }

    /** One direction. All fields are guarded by the join. */
    private static final class Pipe {
        private final Join join;
        private final byte[] ring = new byte[CAPACITY];
        private int start;
        private int size;
        private boolean ended;
        private boolean unread;
        private @Nullable String writerFails;
        private @Nullable String readerFails;

        Pipe(Join join) {
            this.join = join;
        }

        private void await() throws InterruptedIOException {
            try {
                join.wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted; the stream is not harmed");
            }
        }

        int read(byte[] into, int offset, int length) throws IOException {
            synchronized (join) {
                while (size == 0 && !ended && !unread && readerFails == null) {
                    await();
                }
                if (unread) {
                    throw new IOException("the stream's input is closed");
                }
                if (readerFails != null && !(ended && size == 0)) {
                    throw new IOException(readerFails);
                }
                if (size == 0) {
                    return -1;
                }
                int count = Math.min(Math.min(length, size), CAPACITY - start);
                System.arraycopy(ring, start, into, offset, count);
                start = (start + count) % CAPACITY;
                size -= count;
                join.notifyAll();
                return count;
            }
        }

        void write(byte[] from, int offset, int length) throws IOException {
            synchronized (join) {
                int written = 0;
                while (true) {
                    if (ended) {
                        throw new IOException("the stream's output is closed");
                    }
                    if (writerFails != null) {
                        throw new IOException(writerFails);
                    }
                    if (unread) {
                        throw new IOException("the other side reads no more of the stream");
                    }
                    if (written == length) {
                        return;
                    }
                    if (size == CAPACITY) {
                        await();
                        continue;
                    }
                    int end = (start + size) % CAPACITY;
                    int count = Math.min(Math.min(length - written, CAPACITY - size), CAPACITY - end);
                    System.arraycopy(from, offset + written, ring, end, count);
                    size += count;
                    written += count;
                    join.notifyAll();
                }
            }
        }

        void end() {
            synchronized (join) {
                ended = true;
                join.notifyAll();
            }
        }

        void unread() {
            synchronized (join) {
                unread = true;
                join.notifyAll();
            }
        }

        int available() {
            synchronized (join) {
                return size;
            }
        }
    }

    private final Join join;
    private final Pipe in;
    private final Pipe out;

    private MemoryDuplex(Join join, Pipe in, Pipe out) {
        this.join = join;
        this.in = in;
        this.out = out;
    }

    static Pair pair() {
        Join join = new Join();
        return new Pair(new MemoryDuplex(join, join.back, join.forth), new MemoryDuplex(join, join.forth, join.back));
    }

    private final InputStream input = new InputStream() {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            return length == 0 ? 0 : in.read(into, offset, length);
        }

        @Override
        public int available() {
            return in.available();
        }

        @Override
        public void close() {
            in.unread();
        }
    };

    private final OutputStream output = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, from.length);
            out.write(from, offset, length);
        }

        @Override
        public void close() {
            out.end();
        }
    };

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void cancel(String reason) {
        synchronized (join) {
            boolean over = (in.ended || in.unread) && (out.ended || out.unread);
            if (!over && in.readerFails == null) {
                in.readerFails = "the stream was cancelled: " + reason;
                in.writerFails = reason;
                out.writerFails = in.readerFails;
                out.readerFails = reason;
                join.notifyAll();
            }
        }
    }

    @Override
    public void close() {
        out.end();
        in.unread();
    }
}
