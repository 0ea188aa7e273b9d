package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.ListeningSocket;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SocketWire;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Admits or refuses each accepted connection. */
final class Acceptance implements ListeningSocket.Acceptor {
    private final ServerParts server;
    private long lastFailure = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);
    private volatile boolean failing;

    Acceptance(ServerParts server) {
        this.server = server;
    }

    /** True if the last accept succeeded. */
    boolean works() {
        return !failing;
    }

    @Override
    public void accepted(SocketChannel channel) {
        failing = false;
        boolean kept = false;
        try {
            CurrentUser.checkClient(channel, server.config().allowRoot());
            kept = server.serve(channel);
        } catch (CurrentUser.ForeignUserException e) {
            server.context().log().accept("a connection was refused: " + e.getMessage());
            kept = refuse(channel, e);
        } catch (IOException e) {
            server.context().log().accept("a connection was refused: " + e.getMessage());
        } finally {
            if (!kept) {
                close(channel);
            }
        }
    }

    private void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            server.context().log().accept("a refused connection did not close: " + e.getMessage());
        }
    }

    /** Sends the reason in the place of a hello, and closes the connection. Bytes from the peer are ignored. */
    private boolean refuse(SocketChannel channel, CurrentUser.ForeignUserException reason) {
        try {
            Monitor monitor = new Monitor();
            Refusing refusing = new Refusing();
            SocketWire wire = new SocketWire(channel, server.loop(), monitor, refusing);
            Session session = new Session(wire, monitor, Limits.DEFAULT, refusing, null);
            session.control("hello", List.of(Hello.refusal(reason.toTheOther())), null);
            session.closeWhenSent();
            return true;
        } catch (IOException e) {
            server.context().log().accept("a refusal could not be sent: " + e.getMessage());
            return false;
        }
    }

    @Override
    public void failed(IOException e) {
        failing = true;
        long now = System.nanoTime();
        if (now - lastFailure > TimeUnit.SECONDS.toNanos(10)) {
            lastFailure = now;
            server.context().log().accept("no connection can be accepted for now: " + e.getMessage());
        }
    }

    /** The handler of a refused connection: ignores all input. */
    private static final class Refusing implements Session.Handler, io.github.autodaemon.internal.net.Wire.Receiver {
        @Override
        public void receive(java.nio.ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void sent() {}

        @Override
        public void call(Request request) {}

        @Override
        public void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {}

        @Override
        public void control(Request request) {}

        @Override
        public void closed(String reason) {}
    }
}
