package io.github.autodaemon.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One end of a stream, whose peer says bytes. */
@Timeout(30)
class DedicatedStreamTest {
    private static final class Said implements SeparateStream.Link {
        final List<String> words = new ArrayList<>();
        Runnable whenOver = () -> {};

        @Nullable
        Runnable interrupting;

        boolean over;

        @Override
        public void cancel(String reason, @Nullable Map<String, ?> error) {
            words.add("cancel " + reason);
        }

        @Override
        public void unread() {
            words.add("unread");
        }

        @Override
        public void over() {
            over = true;
            whenOver.run();
        }

        @Override
        public void await(BooleanSupplier known, long nanos) throws InterruptedException {
            words.add("await");
            if (interrupting != null) {
                interrupting.run();
                throw new InterruptedException();
            }
        }
    }

    private final Said said = new Said();

    private static void say(SocketChannel peer, int length, int... bytes) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(4 + bytes.length).putInt(length);
        for (int b : bytes) {
            piece.put((byte) b);
        }
        peer.write(piece.flip());
    }

    /** Between the look at what there is and the first wait another thread may say that there will be nothing more. */
    @Test
    void aWakeUpBeforeTheFirstWaitIsNotLost() throws IOException {
        SocketPair pair = SocketPair.create();
        try (SocketChannel one = pair.client();
                SocketChannel other = pair.server()) {
            Readiness readable = new Readiness(one, SelectionKey.OP_READ);
            readable.wake();
            readable.await();
            other.write(ByteBuffer.wrap(new byte[1]));
            readable.await();
            readable.over();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void aNegativeLengthEndsTheStream(int length) throws IOException {
        SocketPair pair = SocketPair.create();
        try (SocketChannel peer = pair.server()) {
            DedicatedStream stream = new DedicatedStream(pair.client(), said);
            say(peer, length, 1, 2, 3);
            assertThatThrownBy(() -> stream.input().read())
                    .hasMessage("the peer broke the protocol: a piece of " + length + " bytes");
            assertThat(pair.client().isOpen()).isFalse();
            assertThat(said.over).isTrue();
        }
    }

    /** So a service that is thrown it is told apart from one that fails by itself. */
    @Test
    void whoIsThrownTheFailureFindsThatItWasAnnounced() throws IOException {
        SocketPair pair = SocketPair.create();
        try (SocketChannel peer = pair.server()) {
            DedicatedStream stream = new DedicatedStream(pair.client(), said);
            stream.onFailure(() -> said.words.add("announced"));
            said.whenOver = () -> {
                assertThatThrownBy(() -> stream.input().read()).hasMessage("enough");
                said.words.add("thrown");
            };
            stream.cancelled("enough", null);
            assertThat(said.words).containsExactly("announced", "thrown");
            assertThat(peer.isOpen()).isTrue();
        }
    }

    /** A service's thread is interrupted when its stream fails, also while it waits to be told why. */
    @Test
    void whoIsInterruptedByTheFailureIsThrownTheFailure() throws IOException {
        SocketPair pair = SocketPair.create();
        DedicatedStream stream = new DedicatedStream(pair.client(), said);
        said.interrupting = () -> stream.cancelled("enough", null);
        pair.server().close();
        assertThatThrownBy(() -> stream.output().write(1)).hasMessage("enough");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoIsInterruptedOtherwiseIsToldThat() throws IOException {
        SocketPair pair = SocketPair.create();
        DedicatedStream stream = new DedicatedStream(pair.client(), said);
        said.interrupting = () -> {};
        pair.server().close();
        assertThatThrownBy(() -> stream.output().write(1)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        stream.cancel("done", null);
    }

    /** Nothing is allocated for it. */
    @Test
    void aHugePieceIsReadAsItComes() throws IOException {
        SocketPair pair = SocketPair.create();
        DedicatedStream stream = new DedicatedStream(pair.client(), said);
        say(pair.server(), Integer.MAX_VALUE, 1, 2, 3);
        assertThat(stream.input().readNBytes(3)).containsExactly(1, 2, 3);
        pair.server().close();
        assertThatThrownBy(() -> stream.input().read()).hasMessage("the other side ended in the middle of the stream");
        assertThat(said.words).contains("await");
    }

    @Test
    void anEndWithoutItsPieceIsAFailure() throws IOException {
        SocketPair pair = SocketPair.create();
        DedicatedStream stream = new DedicatedStream(pair.client(), said);
        say(pair.server(), 2, 1);
        pair.server().close();
        assertThat(stream.input().read()).isEqualTo(1);
        assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
        assertThat(said.over).isTrue();
    }

    /** Its connection is over, something of it is unread, and its user closes it: the socket is not kept. */
    @Test
    void closingAfterTheConnectionIsLostReleasesTheSocket() throws IOException {
        SocketPair pair = SocketPair.create();
        try (SocketChannel peer = pair.server()) {
            DedicatedStream stream = new DedicatedStream(pair.client(), said);
            say(peer, 3, 1, 2, 3);
            stream.lost("the peer closed the connection");
            assertThat(pair.client().isOpen()).isTrue();
            assertThatThrownBy(stream::close).hasMessage("the peer closed the connection");
            assertThat(pair.client().isOpen()).isFalse();
            assertThat(said.over).isTrue();
        }
    }
}
