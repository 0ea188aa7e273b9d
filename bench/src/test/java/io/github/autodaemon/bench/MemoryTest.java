package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void isTheProportionalSetSize() throws Exception {
        assertThat(Memory.of(
                        List.of("Rss:   52000 kB", "Pss:   41234 kB", "Pss_Dirty:   30000 kB"), Memory.PROPORTIONAL))
                .isEqualTo(41234);
        assertThat(Memory.of(ProcessHandle.current().pid(), Memory.RESIDENT)).isGreaterThan(1000);
    }

    @Test
    void isNothingElseInItsPlace() {
        assertThatThrownBy(() -> Memory.of(List.of("Rss:   52000 kB"), Memory.PROPORTIONAL))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no Pss: in smaps_rollup");
    }
}
