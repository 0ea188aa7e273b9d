package io.github.autodaemon.internal.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.StreamCancelledException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a shared stream keeps for its reader. */
class MuxStreamTest {
    private static final int FRAME = 64 * 1024;
    private static final int MOST = 3 * FRAME;

    private final AtomicLong kept = new AtomicLong();
    private final Monitor monitor = new Monitor();
    private final Mux mux = new Mux(new BytesWire() {
        @Override
        public boolean keep(long more) {
            return kept.addAndGet(more) <= MOST;
        }
    });

    private MuxStream stream(String name) {
        return new MuxStream(mux, monitor, name, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private void locked(Runnable action) {
        monitor.lock();
        try {
            action.run();
        } finally {
            monitor.unlock();
        }
    }

    private void arrives(MuxStream stream, int size) {
        locked(() -> stream.data(ByteBuffer.allocate(size)));
    }

    @Test
    void tooMuchOnAllConnectionsCancelsTheStreamThatAddsToIt() throws Exception {
        MuxStream much = stream("2");
        MuxStream little = stream("3");
        arrives(little, 1000);
        arrives(much, FRAME);
        arrives(much, FRAME);
        arrives(much, FRAME);
        assertThatThrownBy(() -> much.input().read())
                .isInstanceOf(StreamCancelledException.class)
                .hasMessageContaining("the reader is too slow: " + MOST + " bytes wait, and too many wait on all");
        assertThat(kept).hasValue(1000);
        assertThat(little.input().readNBytes(1000)).hasSize(1000);
        assertThat(kept).hasValue(0);
    }

    @Test
    void whatOneFrameHoldsIsTakenAllTheSame() {
        MuxStream much = stream("2");
        arrives(much, MOST);
        MuxStream little = stream("3");
        arrives(little, FRAME);
        assertThat(kept).hasValue(MOST + FRAME);
        locked(() -> little.lost("gone"));
        assertThat(kept).hasValue(MOST);
    }
}
