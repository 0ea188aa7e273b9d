package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.ServedLab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class StreamTest {
    @RegisterExtension
    final ServedLab served = new ServedLab();

    private Connection<Lab> connection;
    private Lab lab;

    @BeforeEach
    void take() {
        connection = served.connection();
        lab = served.lab();
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void oneSideEndsAndTheOtherGoesOn() throws Exception {
        try (Duplex echo = lab.echo()) {
            echo.output().write("ping".getBytes(StandardCharsets.UTF_8));
            assertThat(echo.input().readNBytes(4)).asString().isEqualTo("ping");
            echo.output().write("pong".getBytes(StandardCharsets.UTF_8));
            echo.output().close();
            assertThat(text(echo.input())).isEqualTo("pong");
        }
    }

    @Test
    void aStreamToReadOnly() throws Exception {
        try (Duplex numbers = lab.numbers(1000)) {
            assertThat(text(numbers.input()).lines()).hasSize(1000).endsWith("1000");
        }
        try (Duplex readable = lab.readable("some text")) {
            // What nobody reads is discarded and harms nobody.
            readable.output().write(new byte[100_000]);
            readable.output().close();
            assertThat(text(readable.input())).isEqualTo("some text");
        }
    }

    /** No thread of the client waits for anything on this connection any more. */
    @Test
    void whatWasWrittenArrivesAlthoughNobodyReads() throws Exception {
        try (Connection<Lab> writing = served.description().connect();
                Duplex sink = writing.rpc().sink()) {
            sink.output().write(new byte[3_000_000]);
            sink.output().close();
            while (lab.sunk() < 3_000_000) {
                Thread.onSpinWait();
            }
        }
    }

    /** A few bytes, which the kernel takes at once, to a service that has nothing to say. */
    @Test
    void aSmallWriteReturnsAlthoughNothingComesBack() throws Exception {
        try (Connection<Lab> writing = served.description().connect();
                Duplex sink = writing.rpc().sink()) {
            sink.output().write(1);
            sink.output().write(2);
            sink.output().close();
            while (lab.sunk() < 2) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aHandlerThatThrowsTellsTheReader() {
        assertThatThrownBy(() -> lab.broken("disk gone").input().read())
                .isInstanceOf(IOException.class)
                .hasMessage("disk gone");
        assertThat(lab.add(1)).isEqualTo(1);
    }

    @Test
    void anUnknownStreamMethodIsAnError() {
        try (Connection<Rpc> dynamic =
                AutoDaemon.dynamic("nope:s").socket(served.socket()).build().connect()) {
            assertThatThrownBy(() -> dynamic.rpc().stream("nope").input().read())
                    .hasMessageStartingWith("no method \"nope\"");
        }
    }

    @Test
    void cancelEndsWhoReads() throws Exception {
        Duplex echo = lab.echo();
        CountDownLatch reading = new CountDownLatch(1);
        Throwable[] thrown = new Throwable[1];
        Thread reader = new Thread(() -> {
            reading.countDown();
            try {
                echo.input().read();
            } catch (IOException e) {
                thrown[0] = e;
            }
        });
        reader.start();
        reading.await();
        echo.cancel("changed my mind");
        reader.join();
        assertThat(thrown[0]).hasMessage("the stream was cancelled: changed my mind");
        assertThat(lab.add(1)).isEqualTo(1);
    }

    @Test
    void manyBytesBothWaysAtOnce() throws Exception {
        byte[] sent = new byte[20_000_000];
        new Random(7).nextBytes(sent);
        try (Duplex echo = lab.echo()) {
            Thread writer = new Thread(() -> {
                try {
                    echo.output().write(sent);
                    echo.output().close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            assertThat(echo.input().readAllBytes()).isEqualTo(sent);
            writer.join();
        }
    }

    /** Its reader has to make a call first, whose answer comes behind the bytes that fill the buffer. */
    @Test
    void aCallIsAnsweredWhileAStreamIsNotRead() throws Exception {
        try (Duplex numbers = lab.numbers(200_000)) {
            assertThat(lab.add(1)).isEqualTo(1);
            assertThat(text(numbers.input()).lines()).hasSize(200_000);
        }
    }

    @Test
    void aThousandStreamsInTurnLeaveNothing() throws Exception {
        for (int i = 0; i < 1000; i++) {
            try (Duplex echo = lab.echo()) {
                echo.output().write(i & 0xff);
                echo.output().close();
                assertThat(echo.input().read()).isEqualTo(i & 0xff);
                assertThat(echo.input().read()).isEqualTo(-1);
            }
        }
        // More than the limit of streams at once, had they not been released.
        try (Duplex last = lab.numbers(1)) {
            assertThat(text(last.input())).isEqualTo("1\n");
        }
    }

    @Test
    void theEndOfTheConnectionEndsItsStreams() throws Exception {
        Duplex echo = lab.echo();
        connection.close();
        assertThatThrownBy(() -> echo.input().read()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> echo.output().write(1)).isInstanceOf(IOException.class);
    }
}
