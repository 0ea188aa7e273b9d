package io.github.autodaemon.replay;

import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** A service as it was recorded, in Java: one thread, a clock that is moved by hand, streams that are polled. */
final class RecordedService implements Session.Handler {
    interface Call {
        void run(List<Object> args, Request request);
    }

    interface StreamCall {
        void run(List<Object> args, ByteStream stream) throws IOException;
    }

    interface Action {
        void run() throws IOException;
    }

    private record Timer(long due, long order, Action action) {}

    /** How far the clock goes between two things that the peer does. */
    private static final long TURN = 500;

    private final Map<String, Call> calls = new HashMap<>();
    private final Map<String, StreamCall> streams = new HashMap<>();
    private final ArrayDeque<Action> tasks = new ArrayDeque<>();
    private final List<ByteStream> polled = new ArrayList<>();
    private final Map<ByteStream, Boolean> echoing = new HashMap<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::order));
    private final List<String> closings = new ArrayList<>();
    private long now;
    private long timersMade;

    void on(String method, Call call) {
        calls.put(method, call);
    }

    void onStream(String method, StreamCall call) {
        streams.put(method, call);
    }

    List<String> closings() {
        return closings;
    }

    // What methods use.

    void after(long millis, Action action) {
        timers.add(new Timer(now + millis, timersMade++, action));
    }

    /** Sends back what comes, and ends when it ends. */
    void echo(ByteStream stream) {
        polled.add(stream);
        echoing.put(stream, true);
    }

    /** Reads to the end and forgets. */
    void drain(ByteStream stream) {
        polled.add(stream);
        echoing.put(stream, false);
    }

    static void write(ByteStream stream, String text) throws IOException {
        stream.output().write(text.getBytes(StandardCharsets.UTF_8));
    }

    static void end(ByteStream stream) throws IOException {
        stream.output().close();
    }

    // The turns of the test.

    /** Does all that can be done now. */
    void work() {
        for (Action task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
        for (ByteStream stream : List.copyOf(polled)) {
            run(() -> poll(stream));
        }
    }

    /** Lets time pass. */
    void elapse() {
        long until = now + TURN;
        for (Timer next = timers.peek(); next != null && next.due() <= until; next = timers.peek()) {
            timers.remove();
            now = next.due();
            run(next.action());
            work();
        }
        now = until;
    }

    void later(Action task) {
        tasks.add(task);
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (TurnMonitor.WouldWait e) {
            // Goes on in a later turn.
        } catch (IOException e) {
            // The stream or the connection is over; so is what used it.
        }
    }

    private void poll(ByteStream stream) throws IOException {
        InputStream input = stream.input();
        byte[] buffer = new byte[8192];
        try {
            for (int size = input.read(buffer); size >= 0; size = input.read(buffer)) {
                if (echoing.get(stream)) {
                    stream.output().write(buffer, 0, size);
                }
            }
            polled.remove(stream);
            if (echoing.get(stream)) {
                end(stream);
            }
        } catch (IOException e) {
            polled.remove(stream);
        }
    }

    // From the session.

    @Override
    public void call(Request request) {
        Call call = calls.get(request.name());
        later(() -> {
            if (call == null) {
                request.fail(ErrorObjects.of("no method"));
            } else {
                try {
                    call.run(request.args(), request);
                } catch (RuntimeException e) {
                    request.fail(ErrorObjects.of("failed"));
                }
            }
        });
    }

    @Override
    public void stream(String method, List<Object> args, ByteStream stream, int length) {
        StreamCall call = streams.get(method);
        later(() -> {
            if (call == null) {
                stream.cancel("no stream method");
            } else {
                call.run(args, stream);
            }
        });
    }

    @Override
    public void control(Request request) {
        request.fail(ErrorObjects.of("no request"));
    }

    @Override
    public void closed(String reason) {
        closings.add(reason);
    }
}
