package io.github.autodaemon.internal.server;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.fuzz.Grammar;
import io.github.autodaemon.fuzz.Input;
import io.github.autodaemon.fuzz.Said;
import io.github.autodaemon.fuzz.Speech;
import io.github.autodaemon.internal.client.CallResult;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.SocketPair;
import io.github.autodaemon.internal.net.Workers;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real server, its loop and its turns, and a client that says anything over a real socket and hangs up: the server ends that
 * connection, nothing of it is left, and the next client is served.
 */
public final class ServerTarget {
    private static final Limits LIMITS = new Limits(40_000, 20, 4, 256, 8);
    private static final int MOST_BYTES = 48 * 1024;

    private ServerTarget() {}

    private static final class EchoService implements ServiceAdapter, ClientCalls {
        @Override
        public ClientCalls connected(ClientConnection session) {
            return this;
        }

        @Override
        public void call(Request request) {
            if (request.name().equals("fail")) {
                throw new IllegalStateException("no");
            }
            request.succeed(request.args());
        }

        @Override
        public StreamTask stream(String method, List<@Nullable Object> args, ByteStream stream) {
            return switch (method) {
                case "fail" -> throw new IllegalStateException("no");
                case "echo" -> () -> stream.input().transferTo(stream.output());
                default -> () -> stream.input().transferTo(OutputStream.nullOutputStream());
            };
        }

        @Override
        public void closed() {}

        @Override
        public void close() {}
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            DaemonServer server = new DaemonServer(
                    new EchoService(),
                    Configs.of(1, true, LIMITS),
                    Map.of("service", "echo"),
                    LaunchContext.foreground(line -> {
                        check(!line.contains("loop"), line);
                    }),
                    TimeUnit.HOURS.toNanos(1),
                    Workers.create(),
                    null);
            server.embed(null);
            try {
                hostile(server, said(new Input(bytes)));
                awaitNobody(server);
                good(server);
                awaitNobody(server);
            } finally {
                server.retire(Reason.closed());
                server.gone().join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] said(Input input) {
        if (input.below(4) == 0) {
            return input.rest();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Frame.of(0, Frame.NEW));
        out.writeBytes(Frame.of(1, Frame.NEW));
        if (input.below(2) == 0) {
            out.writeBytes(Speech.control("[\"hello\"," + Grammar.list(input) + ",2]\n"));
        }
        Speech speech = new Speech(input);
        while (input.hasMore() && out.size() < MOST_BYTES) {
            out.writeBytes(speech.some(input.below(Speech.KINDS)));
        }
        return out.toByteArray();
    }

    private static void hostile(DaemonServer server, byte[] said) throws IOException {
        SocketPair pair = SocketPair.create();
        try (SocketChannel client = pair.client()) {
            client.configureBlocking(true);
            check(server.serve(pair.server()), "it was not served");
            byte[] heard;
            try {
                client.write(ByteBuffer.wrap(said));
                client.shutdownOutput();
                heard = Channels.newInputStream(client).readAllBytes();
            } catch (IOException e) {
                // The server ended it before it had read everything.
                check(e.getMessage() != null, "no message");
                return;
            }
            check(new Said(heard).lines("0").size() > 1, "no hello");
        }
    }

    private static void awaitNobody(DaemonServer server) {
        await(() -> {
            Map<String, @Nullable Object> status = server.status();
            return Integer.valueOf(0).equals(status.get("clients"))
                    && Integer.valueOf(0).equals(status.get("references"))
                    && Integer.valueOf(0).equals(status.get("calls"))
                    && Integer.valueOf(0).equals(status.get("streams"));
        });
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static void good(DaemonServer server) throws IOException, InterruptedException {
        SocketPair pair = SocketPair.create();
        if (!server.serve(pair.server())) {
            pair.server().close();
            pair.client().close();
            check(server.hasRetired(), "a good client was not served");
            return;
        }
        ClientSession session =
                ClientSession.over(pair.client(), LIMITS, Hello.Role.CLIENT, false, () -> null, Long.MAX_VALUE);
        try {
            CallResult outcome = session.call("echo", List.of("x"), 0);
            check(
                    outcome.answer() != null
                            && List.of("x").equals(outcome.answer().value()),
                    outcome.toString());
        } finally {
            session.close();
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
