package io.github.autodaemon.internal.launch;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.fuzz.Grammar;
import io.github.autodaemon.fuzz.Input;
import io.github.autodaemon.fuzz.Speech;
import io.github.autodaemon.internal.client.CallResult;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.client.Greeting;
import io.github.autodaemon.internal.net.SocketPair;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a client gets to hear when it says hello, over a real socket: it comes to an end, knows a hello by its mark, and
 * what it asks for then is answered or lost.
 */
public final class GreetingTarget {
    private static final Limits LIMITS = new Limits(40_000, 20, 4, 256, 8);
    private static final int MOST_BYTES = 48 * 1024;

    private GreetingTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            SocketPair pair = SocketPair.create();
            try (SocketChannel other = pair.server()) {
                other.configureBlocking(true);
                ClientSession session = new ClientSession(pair.client(), LIMITS, null);
                try {
                    other.write(ByteBuffer.wrap(said(new Input(bytes))));
                    other.shutdownOutput();
                    greet(session);
                } finally {
                    session.close();
                }
                check(!session.isOpen(), "it is open");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] said(Input input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int kind = input.below(4);
        if (kind == 0) {
            return input.rest();
        }
        out.writeBytes(Frame.of(0, Frame.NEW));
        if (kind > 1) {
            String line = kind == 2
                    ? new String(input.bytes(), StandardCharsets.UTF_8)
                    : "[\"hello\"," + Grammar.list(input) + ",-1]";
            out.writeBytes(Speech.control(line + "\n"));
        }
        out.writeBytes(Frame.of(1, Frame.NEW));
        Speech speech = new Speech(input);
        while (input.hasMore() && out.size() < MOST_BYTES) {
            out.writeBytes(speech.some(input.below(Speech.KINDS)));
        }
        return out.toByteArray();
    }

    private static void greet(ClientSession session) throws InterruptedException {
        Greeting greeting = session.greet(Hello.Role.CLIENT, false, Long.MAX_VALUE);
        Hello hello = session.hello();
        check(greeting != Greeting.SILENT, "silent, with all the time there is");
        check((greeting == Greeting.HELLO) == (hello != null), greeting + " with " + hello);
        if (hello != null) {
            check(hello.fields().get("autodaemon") instanceof Long, "a hello without its mark");
            check(hello.pid() == 0 || hello.fields().get("pid") instanceof Long, "a process out of nothing");
            check(hello.text("refused") == null || hello.fields().containsKey("refused"), "a refusal out of nothing");
        }
        CompletableFuture<CallResult> later = session.callAsync("add", List.of(1), 0, outcome -> outcome);
        told(session.call("add", List.of(2), 0));
        told(later.join());
        var unused = session.ask("status", List.of(), Long.MAX_VALUE);
        check(session.awaitClose(Long.MAX_VALUE), "it is open");
        try {
            session.open("echo", List.of(), Long.MAX_VALUE);
        } catch (IOException e) {
            check(e.getMessage() != null, "no message");
            return;
        }
        check(false, "a stream on a connection that is over");
    }

    private static void told(CallResult outcome) {
        check(outcome.answer() != null || !outcome.reason().isEmpty(), "neither an answer nor a reason");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
