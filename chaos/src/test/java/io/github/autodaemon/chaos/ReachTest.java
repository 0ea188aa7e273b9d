package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReachTest {
    private final Reach reach = new Reach();

    @Test
    void aDaemonThatIsReachedAgainAfterAnother() {
        reach.connected(10, 11, 1);
        reach.connected(20, 21, 2);
        assertThatThrownBy(() -> reach.connected(30, 31, 1))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("reached the daemon 1, then 2, then 1 again");
    }

    /** The journals of several clients are read one after the other. */
    @Test
    void theSameHeardInAnotherOrder() {
        reach.connected(30, 31, 1);
        reach.connected(10, 11, 1);
        assertThatThrownBy(() -> reach.connected(20, 21, 2)).isInstanceOf(Violation.class);
    }

    @Test
    void successorsAndConnectsThatOverlap() {
        reach.connected(10, 11, 1);
        reach.connected(20, 25, 2);
        reach.connected(24, 26, 1);
        reach.connected(30, 31, 2);
        reach.connected(40, 41, 3);
    }

    @Test
    void anOldSocketThatWasMovedBack() {
        long now = System.nanoTime();
        reach.connected(now - 40, now - 39, 1);
        reach.connected(now - 30, now - 29, 2);
        reach.forget();
        // Began before, heard of after.
        reach.connected(now - 20, now - 19, 1);
        long later = System.nanoTime();
        reach.connected(later, later + 1, 1);
    }
}
