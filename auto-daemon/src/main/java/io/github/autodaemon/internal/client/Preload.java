package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.ConnectionLock;
import io.github.autodaemon.internal.net.HeadStart;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SeparateStream;
import io.github.autodaemon.internal.net.SocketPreload;
import io.github.autodaemon.internal.net.SocketWire;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.net.Wire;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Response;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes that a connection needs, at a moment when this thread could only wait. No code depends on this: a
 * class that is not preloaded is loaded when it is used.
 */
public final class Preload {
    private Preload() {}

    /** Preloads while another thread makes the first Unix socket. Makes no Unix socket itself. */
    public static void besideTheFirstSocket() {
        // Named in any case: the list of the classes that a command loads, from which its archive is made, may come
        // from a run in which the socket was there first. For a class that the archive lacks the JVM opens the jar,
        // which takes milliseconds.
        Class<?> listed = Echo.class;
        assert listed != null;
        if (HeadStart.isRunning()) {
            load();
        }
    }

    private static void load() {
        try {
            // First: this waits for the head start's first third, in which two threads that load classes hold each
            // other up.
            SocketPreload.run();
            greetItself();
        } catch (IOException | RuntimeException e) {
            // Out of descriptors, say; the connecting thread will get the same failure, and report it.
            return;
        }
        // Naming a class loads it.
        Class<?>[] rest = {
            ClientSession.class,
            FutureCalls.class,
            PendingReply.class,
            Greeting.class,
            SocketWire.class,
            ConnectionLock.class,
            UnixSocket.Attempt.class,
            SeparateStream.class,
            CallResult.class,
            Response.class
        };
        assert rest.length > 0;
    }

    /** A hello goes out on a session and comes in on the same session. */
    private static void greetItself() throws IOException {
        Echo echo = new Echo();
        Monitor monitor = new Monitor();
        Session session = new Session(echo, monitor, Limits.DEFAULT, echo, null);
        monitor.lock();
        try {
            session.control(
                    "hello",
                    List.of(Hello.client(Hello.Role.CLIENT, ProcessIdentity.ownPid(), false, Limits.DEFAULT)),
                    null);
            session.receive(ByteBuffer.wrap(echo.bytes, 0, echo.length));
        } finally {
            monitor.unlock();
        }
    }

    /** Keeps the written bytes. */
    private static final class Echo implements Wire, Session.Handler {
        private byte[] bytes = {};
        private int length;

        @Override
        public void write(byte[] more, int offset, int count) {
            bytes = Arrays.copyOf(bytes, length + count);
            System.arraycopy(more, offset, bytes, length, count);
            length += count;
        }

        @Override
        public long queued() {
            return 0;
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public void closeWhenSent() {}

        @Override
        public void close() {}

        @Override
        public void call(Request request) {}

        @Override
        public void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {}

        @Override
        public void control(Request request) {
            var unused = Hello.parse(request.args());
        }

        @Override
        public void closed(String reason) {}
    }
}
