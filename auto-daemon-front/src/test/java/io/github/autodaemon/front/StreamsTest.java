package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.front.Desk.Running;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard input, which is read when it is asked for, and the two outputs. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
        value = Build.class,
        names = {"COMMITTED", "SANITIZED"})
class StreamsTest extends WithEachBuild {
    private static final int EBADF = 9;
    private static final int ENOSPC = 28;
    private static final int EPIPE = 32;

    private static byte[] out(String text) {
        return FakeDaemon.piece(FakeDaemon.STDOUT, text.getBytes(UTF_8));
    }

    private static byte[] err(String text) {
        return FakeDaemon.piece(FakeDaemon.STDERR, text.getBytes(UTF_8));
    }

    @Test
    void inputThatNobodyReadsIsLeft() throws Exception {
        Running running = new Running(desk.shell("\"$@\"; cat").start());
        running.type("all of it\n");
        running.process.getOutputStream().close();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        assertThat(running.out()).isEqualTo("all of it\n");
    }

    @Test
    void aPipeKeepsWhatWasNotAskedFor() throws Exception {
        Running running = new Running(desk.shell("\"$@\"; cat").start());
        running.type("0123456789");
        running.process.getOutputStream().close();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.read(3));
            assertThat(front.piece().text()).isEqualTo("012");
            front.send(FakeDaemon.read(1));
            assertThat(front.piece().text()).isEqualTo("3");
            front.end(FakeDaemon.exit(0, 0, 1));
        }
        assertThat(running.out()).isEqualTo("456789");
    }

    @Test
    void aRequestWaitsForInput() throws Exception {
        Running running = new Running(desk.command().start());
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            // Output goes on meanwhile.
            front.send(FakeDaemon.read(65_536), out("prompt> "));
            running.awaitOut("prompt> ");
            running.type("answer\n");
            assertThat(front.piece().text()).isEqualTo("answer\n");
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    @Test
    void theEndOfACommandThatStillWaits() throws Exception {
        Running running = new Running(desk.command().start());
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.read(1));
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        running.process.getOutputStream().close();
    }

    /** A loop of the shell reads the same file as the commands in it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void aFileGetsBackWhatWasNotUsed(int lines) throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            all.append("line ").append(i).append('\n');
        }
        Files.writeString(desk.path("lines"), all);
        Running running = Desk.start(desk.shell("while read -r line; do echo \"$line\"; \"$@\"; done <lines"));
        StringBuilder seen = new StringBuilder();
        for (int at = 0; at < 10; at += 1 + lines) {
            seen.append("line ").append(at).append('\n');
            String rest = all.substring(7 * (at + 1));
            try (FakeDaemon.Front front = desk.daemon().accept()) {
                front.send(FakeDaemon.read(10));
                String got = front.piece().text();
                front.send(FakeDaemon.read(65_536));
                assertThat(got + front.piece().text()).isEqualTo(rest);
                front.end(FakeDaemon.exit(0, 0, Math.min(7L * lines, rest.length())));
            }
        }
        assertThat(running.code()).isZero();
        assertThat(running.out()).isEqualTo(seen.toString());
    }

    @Test
    void aFileGetsItBackWhenTheCommandDies() throws Exception {
        Files.writeString(desk.path("lines"), "1\n2\n3\n");
        Running running = Desk.start(desk.shell("(\"$@\"; cat) <lines"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.read(100));
            assertThat(front.piece().text()).isEqualTo("1\n2\n3\n");
            front.end(FakeDaemon.exit(0, 15, 2));
        }
        assertThat(running.out()).isEqualTo("2\n3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", "<.", ">&-; true"})
    void inputThatCannotBeRead(String redirection) throws Exception {
        Running running = Desk.start(desk.shell("exec \"$@\" " + redirection));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            for (int i = 0; i < 2; i++) {
                front.send(FakeDaemon.read(100));
                assertThat(front.piece().all()).isEqualTo("1");
            }
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    @Test
    void closedOutput() throws Exception {
        Running running = Desk.start(desk.shell("exec \"$@\" >&-"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(out("lost"), err("shown\n"));
            assertThat(front.piece().all()).isEqualTo("4 1 " + EBADF);
            front.send(out("lost, too"));
            front.exit(0);
        }
        assertThat(running.code()).isEqualTo(1);
        assertThat(running.err()).isEqualTo("shown\ntool: cannot write to standard output: Bad file descriptor\n");
    }

    @Test
    void closedErrors() throws Exception {
        Running running = Desk.start(desk.shell("exec \"$@\" 2>&-"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(err("lost"), out("shown"));
            assertThat(front.piece().all()).isEqualTo("4 2 " + EBADF);
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        assertThat(running.out()).isEqualTo("shown");
    }

    /** A descriptor of the front's own does not become one of the three. */
    @Test
    void nothingButClosed() throws Exception {
        Running running = Desk.start(desk.shell("exec \"$@\" <&- >&- 2>&-"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(out("1"), err("2"), FakeDaemon.read(1));
            assertThat(front.piece().all()).isEqualTo("4 1 " + EBADF);
            assertThat(front.piece().all()).isEqualTo("4 2 " + EBADF);
            assertThat(front.piece().all()).isEqualTo("1");
            front.exit(7);
        }
        assertThat(running.code()).isEqualTo(7);
    }

    @Test
    void closedAndNotUsed() throws Exception {
        Running running = Desk.start(desk.shell("exec \"$@\" >&-"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        assertThat(running.err()).isEmpty();
    }

    @Test
    void aFullDevice() throws Exception {
        for (int code : new int[] {0, 3}) {
            Running running = Desk.start(desk.shell("exec \"$@\" >/dev/full"));
            try (FakeDaemon.Front front = desk.daemon().accept()) {
                front.send(out("lost"));
                assertThat(front.piece().all()).isEqualTo("4 1 " + ENOSPC);
                front.exit(code);
            }
            assertThat(running.code()).isEqualTo(code == 0 ? 1 : code);
            assertThat(running.err()).isEqualTo("tool: cannot write to standard output: No space left on device\n");
        }
    }

    @Test
    void aReaderThatHasEnough() throws Exception {
        Running running = Desk.start(desk.shellOf("bash", "\"$@\" | head -1; echo ${PIPESTATUS[0]}"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            byte[] line = out("line\n".repeat(100));
            // Until the front is gone.
            for (boolean there = true; there; ) {
                try {
                    front.send(line);
                } catch (IOException e) {
                    there = false;
                }
            }
        }
        assertThat(running.out()).isEqualTo("line\n141\n");
        assertThat(running.err()).isEmpty();
    }

    @Test
    void aReaderThatHasEnoughWhereSigpipeIsIgnored() throws Exception {
        Running running = Desk.start(desk.shellOf("bash", "trap '' PIPE; (\"$@\"; echo $? >&2) | true"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        front.send(out("line\n".repeat(1000)));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            assertThat(front.piece().all()).isEqualTo("4 1 " + EPIPE);
            sender.join();
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        assertThat(running.err()).isEqualTo("0\n");
    }

    /** Somebody else who has the same pipe has made it so. */
    @Test
    void anOutputThatDoesNotBlock() throws Exception {
        java.nio.file.Path perl = Tools.need("perl");
        ProcessBuilder builder = desk.command();
        builder.command()
                .addAll(
                        0,
                        java.util.List.of(
                                perl.toString(),
                                "-e",
                                "use Fcntl; fcntl(STDOUT, F_SETFL, O_NONBLOCK | O_WRONLY); exec @ARGV"));
        Process process = builder.start();
        process.getOutputStream().close();
        byte[] all = new byte[1 << 20];
        new Random(2).nextBytes(all);
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            Thread sender = new Thread(() -> {
                try {
                    front.send(FakeDaemon.piece(FakeDaemon.STDOUT, all), FakeDaemon.exit(0, 0, 0));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            assertThat(process.getInputStream().readAllBytes()).isEqualTo(all);
            sender.join();
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void muchInBothDirections() throws Exception {
        int blocks = 3200;
        byte[] block = new byte[65_536];
        new Random(3).nextBytes(block);
        CRC32 sent = new CRC32();
        Process process = desk.command().start();
        Thread feeder = new Thread(() -> {
            byte[] own = block.clone();
            try (OutputStream out = process.getOutputStream()) {
                for (int i = 0; i < blocks; i++) {
                    ByteBuffer.wrap(own).putInt(0, i);
                    sent.update(own);
                    out.write(own);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        feeder.start();
        CRC32 received = new CRC32();
        Thread collector = new Thread(() -> {
            byte[] buffer = new byte[65_536];
            try (InputStream in = process.getInputStream()) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    received.update(buffer, 0, count);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        collector.start();
        CRC32 between = new CRC32();
        long total = 0;
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.read(65_536));
            for (FakeDaemon.Piece piece = front.piece(); piece.data().length > 0; piece = front.piece()) {
                assertThat(piece.type()).isEqualTo(FakeDaemon.STDIN);
                assertThat(piece.data().length).isLessThanOrEqualTo(65_536);
                total += piece.data().length;
                between.update(piece.data());
                front.send(FakeDaemon.piece(FakeDaemon.STDOUT, piece.data()), FakeDaemon.read(65_536));
            }
            front.end(FakeDaemon.exit(0, 0, total));
        }
        feeder.join();
        collector.join();
        assertThat(process.waitFor()).isZero();
        assertThat(total).isEqualTo(blocks * 65_536L);
        assertThat(between.getValue()).isEqualTo(sent.getValue());
        assertThat(received.getValue()).isEqualTo(sent.getValue());
    }

    /** A daemon that goes on sending does not keep the input waiting. */
    @Test
    void inputUnderAFloodOfOutput() throws Exception {
        Running running = new Running(desk.shell("exec \"$@\" >/dev/null").start());
        running.type("x");
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.read(1));
            Thread flood = new Thread(() -> {
                try {
                    byte[] piece = FakeDaemon.piece(FakeDaemon.STDOUT, new byte[1 << 16]);
                    while (!Thread.currentThread().isInterrupted()) {
                        front.send(piece);
                    }
                } catch (IOException e) {
                    // Interrupted: that closes the channel.
                    assertThat(e).isNotNull();
                }
            });
            flood.start();
            assertThat(front.piece().text()).isEqualTo("x");
            flood.interrupt();
            flood.join();
        }
        assertThat(running.code()).isEqualTo(125);
        running.process.getOutputStream().close();
    }
}
