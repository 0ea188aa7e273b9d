package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void isTheProportionalSetSize() throws Exception {
        assertThat(Memory.pss(List.of("Rss:   52000 kB", "Pss:   41234 kB", "Pss_Dirty:   30000 kB")))
                .isEqualTo(41234);
        assertThat(Memory.pss(ProcessHandle.current().pid())).isGreaterThan(1000);
    }

    @Test
    void isNothingElseInItsPlace() {
        assertThatThrownBy(() -> Memory.pss(List.of("Rss:   52000 kB")))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no Pss: in smaps_rollup");
    }
}
