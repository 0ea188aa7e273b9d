package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.flight.StreamEvent;
import io.github.autodaemon.internal.net.ByteStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A stream whose bytes are counted for the flight recorder. */
final class RecordedStream implements ByteStream {
    private final ByteStream stream;
    private final StreamEvent event;
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final InputStream input;
    private final OutputStream output;

    RecordedStream(ByteStream stream, String method, long client) {
        this.stream = stream;
        this.event = new StreamEvent(method, client);
        this.input = new Input(stream.input());
        this.output = new Output(stream.output());
    }

    void ended(String how) {
        event.ended(how, read.get(), written.get());
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void cancel(String reason, @Nullable Map<String, ?> error) {
        stream.cancel(reason, error);
    }

    @Override
    public void onFailure(Runnable action) {
        stream.onFailure(action);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private final class Input extends FilterInputStream {
        Input(InputStream from) {
            super(from);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            read.addAndGet(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            read.addAndGet(Math.max(0, count));
            return count;
        }
    }

    private final class Output extends FilterOutputStream {
        Output(OutputStream to) {
            super(to);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            written.incrementAndGet();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written.addAndGet(length);
        }

        /** The output is not flushed before: a flush could fail where closing does not. */
        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
