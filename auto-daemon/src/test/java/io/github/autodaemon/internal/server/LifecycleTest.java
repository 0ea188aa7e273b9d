package io.github.autodaemon.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.socket.Loop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifecycleTest {
    private final List<String> events = new ArrayList<>();
    private Loop loop;

    @BeforeEach
    void open() throws IOException {
        loop = new Loop();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private Lifecycle lifecycle(boolean autoClose, long linger) {
        return new Lifecycle(loop, autoClose, linger, new Lifecycle.Actions() {
            @Override
            public void retiring(String reason) {
                events.add("retiring: " + reason);
            }

            @Override
            public void gone() {
                events.add("gone");
            }
        });
    }

    @Test
    void retiresWhenTheLastReferenceIsReleased() throws IOException {
        Lifecycle lifecycle = lifecycle(true, 0);
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.acquire();
        lifecycle.leave(true);
        loop.runOnce(0);
        assertThat(events).isEmpty();
        lifecycle.release();
        loop.runOnce(0);
        assertThat(events).containsExactly("retiring: no reference is held any more", "gone");
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.GONE);
    }

    /** The timer is due, and a client is admitted before it fires. */
    @Test
    void aClientThatComesExactlyWhenItDecidesToLeaveIsServed() throws IOException {
        Lifecycle lifecycle = lifecycle(true, 0);
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        assertThat(lifecycle.admit()).isTrue();
        loop.runOnce(0);
        assertThat(events).isEmpty();
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.SERVING);
    }

    @Test
    void nobodyIsAdmittedAfterTheDecision() throws IOException {
        Lifecycle lifecycle = lifecycle(true, 0);
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        loop.runOnce(0);
        assertThat(lifecycle.admit()).isFalse();
    }

    @Test
    void goneMeansNoConnectionAndNoWork() {
        Lifecycle lifecycle = lifecycle(false, 0);
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.workStarted();
        lifecycle.retire("asked to");
        lifecycle.retire("asked again");
        lifecycle.leave(true);
        assertThat(events).containsExactly("retiring: asked to");
        lifecycle.workEnded();
        assertThat(events).containsExactly("retiring: asked to", "gone");
        assertThat(lifecycle.reason()).isEqualTo("asked to");
    }

    @Test
    void withoutAutoCloseItNeverLeavesByItself() throws IOException {
        Lifecycle lifecycle = lifecycle(false, 0);
        lifecycle.started();
        assertThat(lifecycle.admit()).isTrue();
        lifecycle.leave(true);
        loop.runOnce(0);
        assertThat(events).isEmpty();
    }
}
