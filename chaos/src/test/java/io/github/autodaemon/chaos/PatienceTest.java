package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Patience patience = new Patience();

    @BeforeEach
    void aConnectWithFiveSeconds() {
        Setting setting = new Setting(Path.of("/nowhere"), -1, false);
        patience.given(new Order("a", setting, "v1", 5000, 1, 0, 0, 0, false), "worker1");
        patience.connecting("a", 100 * SECOND);
    }

    @Test
    void aConnectThatWaitsPastItsDeadline() {
        patience.look(114 * SECOND);
        assertThatThrownBy(() -> patience.look(116 * SECOND))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("worker1 waits past its deadline");
    }

    @Test
    void aConnectThatEndedPastItsDeadline() {
        assertThatThrownBy(() -> patience.ended("a", 116 * SECOND)).isInstanceOf(Violation.class);
    }

    @Test
    void aConnectionHasNoDeadline() {
        assertThat(patience.ended("a", 101 * SECOND)).isEqualTo(100 * SECOND);
        patience.look(200 * SECOND);
        assertThat(patience.outstanding()).isEqualTo(1);
        patience.over("a");
        assertThat(patience.outstanding()).isZero();
    }

    @Test
    void aClientThatIsStoppedDoesNotWait() {
        patience.stopped("worker1");
        patience.look(200 * SECOND);
        patience.killed("worker1");
        assertThat(patience.outstanding()).isZero();
    }

    @Test
    void aClientThatWasNotTold() {
        assertThatThrownBy(() -> patience.connecting("b", 1)).isInstanceOf(Violation.class);
    }
}
