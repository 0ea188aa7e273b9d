package io.github.autodaemon.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Server;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands whose callers, programs and daemons do the wrong thing, or the right thing at a bad moment. */
@Timeout(20)
class CommandFaultsTest {
    private static final String ACCEPTED = "[[null],2]";
    private static final String EXIT_0 = "9 00000000000000000000";

    private static volatile CountDownLatch held = new CountDownLatch(1);
    private static volatile CountDownLatch began = new CountDownLatch(1);
    private static final AtomicInteger RUNS = new AtomicInteger();

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** Does what its first argument says. */
    public static class Parallel implements Program {
        @Override
        public int run(Invocation in) throws Exception {
            RUNS.incrementAndGet();
            switch (in.args().get(0)) {
                case "hold" -> {
                    began.countDown();
                    held.await();
                }
                case "readers" -> {
                    Thread other = new Thread(() -> readByte(in));
                    other.start();
                    readByte(in);
                    other.join();
                }
                case "throw" -> throw new Unprintable();
                default -> {
                    return 0;
                }
            }
            return 0;
        }

        private static void readByte(Invocation in) {
            began.countDown();
            try {
                in.out().write(in.in().read());
            } catch (IOException e) {
                in.out().print(e);
            }
        }
    }

    /** The same, one at a time. */
    public static final class Serial extends Parallel {
        @Override
        public boolean isSerial() {
            return true;
        }
    }

    /** Does not even say whether it is serial. */
    public static final class Undecided extends Parallel {
        @Override
        public boolean isSerial() {
            throw new IllegalStateException("it cannot say");
        }
    }

    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public void printStackTrace(PrintStream to) {
            throw new IllegalStateException("it has no stack");
        }
    }

    private interface Body {
        void run(Server server) throws Exception;
    }

    private void serving(Class<? extends Program> program, Body body) throws Exception {
        held = new CountDownLatch(1);
        began = new CountDownLatch(1);
        RUNS.set(0);
        Server server = description(program).createServer();
        server.listen();
        try {
            body.run(server);
        } finally {
            held.countDown();
            server.close();
        }
        server.gone().get();
    }

    private AutoDaemon<?> description(Class<? extends Program> program) {
        return AutoDaemon.program(program).socket(scratch.socket()).build();
    }

    private RawCaller caller() throws IOException {
        return new RawCaller(scratch.socket());
    }

    /**
     * <pre>
     *   first:  runs, and has the turn
     *   second: accepted, waits for the turn; SIGINT of its caller
     *   first:  goes on for longer than a cancelled command may take
     *   the daemon: the second command does not end, though it was cancelled: the daemon leaves
     * </pre>
     */
    @Test
    void aCommandThatIsCancelledBeforeItsTurnEndsAtOnce() throws Exception {
        serving(Serial.class, server -> {
            try (RawCaller first = caller().ask("hold");
                    RawCaller second = caller()) {
                assertThat(first.answer()).isEqualTo(ACCEPTED);
                began.await();
                second.ask("add");
                assertThat(second.answer()).isEqualTo(ACCEPTED);
                second.piece(2, (byte) 2);
                assertThat(second.piece()).isEqualTo("9 80020000000000000000");
                try (RawCaller third = caller().ask("add")) {
                    assertThat(third.answer()).isEqualTo(ACCEPTED);
                }
                awaitCalls(1);
                held.countDown();
                assertThat(first.piece()).isEqualTo(EXIT_0);
            }
            assertThat(RUNS).hasValue(1);
        });
    }

    private void awaitCalls(int expected) {
        int calls = -1;
        while (calls != expected) {
            calls = description(Serial.class).status().orElseThrow().calls();
        }
    }

    /**
     * <pre>
     *   who stops: this connection has no command, so it can be ended
     *   worker:    accepts the command, says so, and runs it
     *   who stops: ends the connection, and with it the command
     * </pre>
     *
     * The one who stops holds the lock that the worker wants next, and writes to the log.
     */
    @Test
    void aStopEndsNoCommandThatWasAccepted() throws Exception {
        PrintStream err = System.err;
        try {
            for (int round = 0; round < 20; round++) {
                Class<? extends Program> program = round % 2 == 0 ? Parallel.class : Serial.class;
                serving(program, server -> {
                    CountDownLatch retiring = new CountDownLatch(1);
                    CountDownLatch accepting = new CountDownLatch(1);
                    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
                        @Override
                        public void println(String line) {
                            if (line.contains("retiring")) {
                                retiring.countDown();
                                awaitQuietly(accepting);
                            }
                        }
                    });
                    try (RawCaller caller = caller()) {
                        caller.hello();
                        Scratch.inThread(() -> stop(server));
                        retiring.await();
                        caller.ask("add");
                        awaitThread(Thread.State.BLOCKED, "ServedCommand.accept", 1);
                        accepting.countDown();
                        assertThat(caller.answer()).isEqualTo(ACCEPTED);
                        assertThat(caller.piece()).isEqualTo(EXIT_0);
                    }
                });
            }
        } finally {
            System.setErr(err);
        }
    }

    private static void stop(Server server) {
        boolean gone = server.stop(Duration.ofSeconds(10));
        assertThat(gone).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsNoCommandIsAnsweredByAnError() throws Exception {
        serving(Parallel.class, server -> {
            for (String field : RawCaller.fields().keySet()) {
                Map<String, Object> fields = RawCaller.fields("add");
                fields.remove(field);
                assertThat(refusal(fields)).as(field).startsWith("[[{\"message\":");
            }
            Map<String, Object> fields = RawCaller.fields("add");
            Map<String, Object> environment = new HashMap<>();
            environment.put("LANG", null);
            fields.put("env", environment);
            assertThat(refusal(fields)).startsWith("[[{\"message\":");
            fields = RawCaller.fields();
            fields.put("args", Collections.singletonList(null));
            assertThat(refusal(fields)).startsWith("[[{\"message\":");
            fields = RawCaller.fields("add");
            fields.put("tty", Collections.nCopies(3, null));
            assertThat(refusal(fields)).startsWith("[[{\"message\":");
            assertThat(RUNS).hasValue(0);

            fields = RawCaller.fields("add");
            // It decodes only.
            fields.put("env", Map.of("LANG", "ja_JP.x-JISAutoDetect"));
            assertThat(refusal(fields)).isEqualTo(ACCEPTED);
        });
    }

    private String refusal(Map<String, Object> fields) throws IOException {
        try (RawCaller caller = caller().ask(fields)) {
            return caller.answer();
        }
    }

    @Test
    void aProgramThatFailsBeforeItRunsIsAnError() throws Exception {
        serving(Undecided.class, server -> {
            try (RawCaller caller = caller().ask("add")) {
                assertThat(caller.answer()).startsWith("[[{\"message\":").contains("it cannot say");
            }
        });
    }

    @Test
    void anExceptionThatCannotBePrintedEndsTheCommandToo() throws Exception {
        serving(Parallel.class, server -> {
            Map<String, Object> fields = RawCaller.fields("throw");
            fields.put("env", Map.of("AUTODAEMON_STACKS", "1"));
            try (RawCaller caller = caller().ask(fields)) {
                assertThat(caller.answer()).isEqualTo(ACCEPTED);
                String last = caller.piece();
                while (last.startsWith("2 ")) {
                    last = caller.piece();
                }
                assertThat(last).isEqualTo("9 01000000000000000000");
            }
        });
    }

    /**
     * <pre>
     *   one reader:     asks, and waits
     *   another reader: waits, since input was asked for
     *   the caller:     sends one byte, which the first reader takes
     *   the other one:  waits on, and nobody asks
     * </pre>
     */
    @Test
    void twoReadersEachGetTheirByte() throws Exception {
        serving(Parallel.class, server -> {
            began = new CountDownLatch(2);
            try (RawCaller caller = caller().ask("readers")) {
                assertThat(caller.answer()).isEqualTo(ACCEPTED);
                assertThat(caller.piece()).isEqualTo("3 00000001");
                began.await();
                awaitThread(Thread.State.WAITING, "Parallel.readByte", 2);
                caller.piece(1, (byte) 'x');
                List<String> next = List.of(caller.piece(), caller.piece());
                assertThat(next).contains("1 78");
                assertThat(next.toString()).contains("3 0000000");
                // The end is for one reader, too.
                caller.piece(1);
                assertThat(caller.piece()).isEqualTo("1 ff");
                assertThat(caller.piece()).isEqualTo("9 00000000000000000001");
            }
        });
    }

    /** Waits until so many threads are in this state, in a method whose name ends so. */
    private static void awaitThread(Thread.State state, String method, int count) {
        long found = -1;
        while (found != count) {
            found = Thread.getAllStackTraces().entrySet().stream()
                    .filter(entry -> entry.getKey().getState() == state)
                    .filter(entry -> List.of(entry.getValue()).toString().contains(method + "("))
                    .count();
        }
    }

    @Test
    void aConnectionHasOneCommand() throws Exception {
        serving(Parallel.class, server -> {
            try (RawCaller caller = caller()) {
                byte[] one = RawCaller.request(RawCaller.fields("hold"), 2);
                byte[] other = RawCaller.request(RawCaller.fields("hold"), 3);
                caller.send(ByteBuffer.allocate(2 + one.length + other.length)
                        .putShort((short) 0)
                        .put(one)
                        .put(other)
                        .array());
                assertThat(caller.answer()).startsWith("[[{\"message\":").endsWith(",3]");
                assertThat(caller.answer()).isEqualTo(ACCEPTED);
                held.countDown();
                assertThat(caller.piece()).isEqualTo(EXIT_0);
            }
            assertThat(RUNS).hasValue(1);
        });
    }

    /** In a container of its own another process may have the number of the daemon. */
    @Test
    void whoSaysTheDaemonsPidIsAskedAsWell() throws Exception {
        serving(Parallel.class, server -> {
            Map<String, Object> fields = RawCaller.fields("add");
            fields.put("pid", ProcessHandle.current().pid());
            assertThat(refusal(fields)).isEqualTo(ACCEPTED);
            fields.put("dev", 1);
            assertThat(refusal(fields)).contains("\"cold\":true");
        });
    }
}
