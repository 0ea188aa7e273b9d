package io.github.autodaemon.bench;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.Wire;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a call costs inside a process: two sessions whose wires are an array, and the JSON by itself. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Inside {
    private static final List<Object> ARGUMENTS = List.of(1L);
    private static final String RECORD =
            "[\"note\",[{\"title\":\"a title\",\"tags\":[\"one\",\"two\"],\"size\":1234}],7]";

    private final Object record = Map.of("title", "a title", "tags", List.of("one", "two"), "size", 1234L);
    private final Taken taken = new Taken();
    private final Direct there = new Direct();
    private final Direct back = new Direct();
    private final Session client = session(there);
    private final Session server = session(back);

    /** Where the answer goes. */
    private static final class Taken implements ReplyHandler {
        private Object value;

        @Override
        public void answered(List<Object> args) {
            value = args;
        }

        @Override
        public void lost(boolean sent, String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /** Keeps what is written until the other end takes it. */
    private static final class Direct implements Wire {
        private final ByteBuffer written = ByteBuffer.allocate(4096);

        @Override
        public void write(byte[] bytes, int offset, int length) {
            written.put(bytes, offset, length);
        }

        void giveTo(Session other) throws IOException {
            Monitor monitor = other.monitor();
            monitor.lock();
            try {
                other.receive(written.flip());
                written.clear();
            } finally {
                monitor.unlock();
            }
        }

        @Override
        public long queued() {
            return 0;
        }

        @Override
        public void reading(boolean on) {
            // Always.
        }

        @Override
        public void closeWhenSent() {
            // Never.
        }

        @Override
        public void close() {
            // Never.
        }
    }

    /** A service that answers at once. */
    private static final class Adder implements Session.Handler {
        private long sum;

        @Override
        public void call(Request request) {
            if (request.begin()) {
                sum += ((Number) request.args().get(0)).longValue();
                request.succeed(sum);
                request.end();
            }
        }

        @Override
        public void stream(String method, List<Object> args, ByteStream stream, int length) {
            stream.cancel("none here");
        }

        @Override
        public void control(Request request) {
            throw new IllegalStateException(request.name());
        }

        @Override
        public void closed(String reason) {
            throw new IllegalStateException(reason);
        }
    }

    private static Session session(Wire wire) {
        Session session = new Session(wire, new Monitor(), Limits.DEFAULT, new Adder(), null);
        session.monitor().lock();
        session.peerIsJava(new io.github.autodaemon.internal.rpc.Hello(java.util.Map.of()));
        session.monitor().unlock();
        return session;
    }

    /** A call: its request written, read and carried out, its answer written and read. */
    @Benchmark
    public Object call() throws IOException, InterruptedException {
        client.call("add", ARGUMENTS, taken, 0, Long.MAX_VALUE);
        there.giveTo(server);
        back.giveTo(client);
        return taken.value;
    }

    /** A call that wants no answer, to nobody: what writing a request takes. */
    @Benchmark
    public long encode() throws InterruptedException {
        long call = client.call("add", ARGUMENTS, null, 0, Long.MAX_VALUE);
        there.written.clear();
        return call;
    }

    /** The arguments of a call with a record in it, to text. */
    @Benchmark
    public String toJson() {
        return Json.text(record);
    }

    /** A request with a record in it, from text. */
    @Benchmark
    public Object fromJson() throws IOException {
        return Json.parse(RECORD, Limits.DEFAULT.depth());
    }
}
