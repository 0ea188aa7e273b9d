package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.front.Desk.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon that is late, or gone: a command is never run twice. Here the front waits less than a second. */
@Timeout(60)
class LostTest {
    private static final String LOST = "tool: the connection to the daemon was lost; the command may have run\n";

    @RegisterExtension
    final Desk desk = new Desk();

    @BeforeEach
    void build() throws Exception {
        Desk unused = desk.with(Build.IMPATIENT);
    }

    private static void isCold(Running running) throws InterruptedException {
        assertThat(running.code()).as(running.err()).isEqualTo(Desk.COLD);
        assertThat(running.out()).isEqualTo("cold cold 1\n<x>\n");
    }

    private static void isLost(Running running) throws InterruptedException {
        assertThat(running.code()).isEqualTo(125);
        assertThat(running.err()).isEqualTo(LOST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10, 60})
    void noHello(int bytes) throws Exception {
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.send(Arrays.copyOf(FakeDaemon.greeting(), bytes));
            assertThat(front.piece()).isNull();
        }
        isCold(running);
    }

    /** Something goes on coming, and never what is waited for. */
    @Test
    void noHelloButFrames() throws Exception {
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().next()) {
            assertThatThrownBy(() -> {
                        while (true) {
                            front.send(new byte[] {7, 0});
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        isCold(running);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 12})
    void noAnswer(int bytes) throws Exception {
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            assertThat(front.command()).isNotNull();
            byte[] acceptance = FakeDaemon.acceptance();
            front.send(Arrays.copyOf(acceptance, bytes));
            assertThat(front.piece()).isNull();
            // By this the daemon hears that it must not run the command.
            assertThatThrownBy(() -> front.send(Arrays.copyOfRange(acceptance, bytes, acceptance.length)))
                    .hasMessageContaining("Broken pipe");
        }
        isCold(running);
    }

    @Test
    void aDaemonThatReadsNothing() throws Exception {
        String[] args = new String[10];
        Arrays.fill(args, "x".repeat(100_000));
        Running running = desk.start(args);
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            assertThat(running.code()).isEqualTo(Desk.COLD);
        }
    }

    /** The acceptance comes when the front has given up, and before it has said so. */
    @Test
    void acceptedInTheLastMoment() throws Exception {
        String strace = Tools.need("strace").toString();
        ProcessBuilder builder = desk.command("x");
        List<String> command = new ArrayList<>(
                List.of(strace, "-e", "trace=poll,shutdown", "-e", "inject=shutdown:delay_enter=1000000"));
        command.addAll(builder.command());
        builder.command(command);
        Process process = builder.start();
        process.getOutputStream().close();
        StringBuilder said = new StringBuilder();
        try (FakeDaemon.Front front = desk.daemon().next();
                BufferedReader trace = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            front.hello();
            assertThat(front.command()).isNotNull();
            for (String line = trace.readLine(); line != null; line = trace.readLine()) {
                said.append(line).append('\n');
                if (line.contains("(Timeout)")) {
                    front.accepted();
                }
            }
        }
        assertThat(process.waitFor()).as(said.toString()).isEqualTo(125);
        assertThat(said.toString()).contains(LOST);
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    }

    private static Named<byte[]> bytes(String name, byte[]... parts) {
        return Named.of(name, FakeDaemon.join(parts));
    }

    static Stream<Named<byte[]>> pieces() {
        return Stream.of(
                bytes("nothing"),
                bytes("half of a header", new byte[] {1, 0, 0}),
                bytes("half of a piece", new byte[] {1, 0, 0, 0, 9, 'x'}),
                bytes("half of an end", Arrays.copyOf(FakeDaemon.exit(0, 0, 0), 14)),
                bytes("no such piece", FakeDaemon.piece(0)),
                bytes("a piece of the other direction", FakeDaemon.piece(6, (byte) 1)),
                bytes("a long number", FakeDaemon.piece(FakeDaemon.READ, new byte[5])),
                bytes("a short number", FakeDaemon.piece(FakeDaemon.READ, new byte[3])),
                bytes("no mode", FakeDaemon.piece(FakeDaemon.TERMINAL)),
                bytes("two signals", FakeDaemon.piece(FakeDaemon.HANDLED, (byte) 1, (byte) 2)),
                bytes("a long end", FakeDaemon.piece(FakeDaemon.EXIT, new byte[11])),
                bytes("a very long end", new byte[] {9, -1, -1, -1, -1, 0}),
                bytes("a long piece of no type", new byte[] {77, 127, -1, -1, -1}),
                bytes("a frame", new byte[] {7, 0, 0, 0, 0}));
    }

    @ParameterizedTest
    @MethodSource
    void pieces(byte[] pieces) throws Exception {
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(pieces);
        }
        isLost(running);
    }

    @Test
    void outputBeforeTheLossIsShown() throws Exception {
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.piece(FakeDaemon.STDOUT, "some".getBytes(UTF_8)), new byte[] {1, 0, 0, 1, 0, 'm'});
        }
        isLost(running);
        assertThat(running.out()).isEqualTo("somem");
    }

    /** A daemon that breaks the protocol may have accepted in what can no longer be read. */
    @Test
    void garbageBeforeAnAcceptance() throws Exception {
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            assertThat(front.command()).isNotNull();
            front.send(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, '[', '['}, FakeDaemon.acceptance());
        }
        isLost(running);
    }

    @Test
    void noScriptRunsAfterAcceptance() throws Exception {
        Files.delete(desk.script());
        Files.createFile(desk.script());
        desk.writeStamp();
        Running running = desk.start("x");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.piece(FakeDaemon.STDOUT, "y".getBytes(UTF_8)));
        }
        isLost(running);
    }
}
