package io.github.autodaemon.internal.call;

import io.github.autodaemon.Sequence;
import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.json.Values;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.StreamCancelledException;
import io.github.autodaemon.internal.rpc.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream of bytes as values, a line of JSON each. */
final class ItemStream {
    private static final int CHUNK = 16 * 1024;

    private final ByteStream stream;
    private final Values values;
    private final Limits limits;
    private final long patienceMillis;
    private volatile boolean overdue;

    // The received bytes that are not taken yet.
    private byte[] held = new byte[CHUNK];
    private int start;
    private int end;

    /** {@code patienceMillis} is the timeout of each wait for a value; 0 for no limit. */
    ItemStream(ByteStream stream, Values values, Limits limits, long patienceMillis) {
        this.stream = stream;
        this.values = values;
        this.limits = limits;
        this.patienceMillis = patienceMillis;
    }

    /** Cancels the stream after {@code nanos}, unless the returned future is completed before. */
    CompletableFuture<?> endIn(long nanos) {
        CompletableFuture<Boolean> inTime = new CompletableFuture<>();
        var unused = inTime.orTimeout(nanos, TimeUnit.NANOSECONDS).whenComplete((yes, late) -> {
            if (late != null) {
                overdue = true;
                stream.cancel("it took too long");
            }
        });
        return inTime;
    }

    /** True if the stream was cancelled by its timeout. */
    boolean isTimedOut() {
        return overdue;
    }

    ByteStream bytes() {
        return stream;
    }

    /** Writes all values of a sequence, and then the end. */
    <T> void writeAll(Sequence<T> sequence) throws Exception {
        if (sequence instanceof Sequence.Producer<?> made) {
            made.produce(this::write);
        } else {
            for (T value : sequence) {
                write(value);
            }
        }
        stream.output().close();
    }

    void write(@Nullable Object value) throws IOException {
        String text = Json.text(values.carried(value));
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        String excess = limits.excess(text, line.length);
        if (excess != null) {
            throw new IllegalArgumentException("a value of a sequence " + excess);
        }
        stream.output().write(line);
    }

    /** The next line; null at the end. */
    @Nullable
    String line() throws IOException {
        int looked = start;
        while (true) {
            for (int i = looked; i < end; i++) {
                if (held[i] == '\n') {
                    String line = new String(held, start, i - start, StandardCharsets.UTF_8);
                    start = i + 1;
                    return line;
                }
            }
            makeRoom();
            looked = end;
            int count = read();
            if (count < 0) {
                // A last line of npm's side without a line feed counts.
                String rest = new String(held, start, end - start, StandardCharsets.UTF_8);
                start = end;
                return rest.isBlank() ? null : rest;
            }
            end += count;
        }
    }

    private int read() throws IOException {
        InputStream in = stream.input();
        if (patienceMillis == 0) {
            return in.read(held, end, held.length - end);
        }
        CompletableFuture<?> wait = endIn(TimeUnit.MILLISECONDS.toNanos(patienceMillis));
        try {
            return in.read(held, end, held.length - end);
        } finally {
            wait.complete(null);
        }
    }

    private void makeRoom() throws IOException {
        if (start > 0) {
            System.arraycopy(held, start, held, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == held.length) {
            if (end >= limits.line()) {
                throw new StreamCancelledException(
                        false, "a value of a sequence has more than " + limits.line() + " bytes", null);
            }
            held = Arrays.copyOf(held, (int) Math.min(2L * held.length, limits.line()));
        }
    }

    @Nullable
    Object value(String line, Type type) throws IOException {
        return values.convert(Json.parse(line, limits.depth()), type);
    }
}
