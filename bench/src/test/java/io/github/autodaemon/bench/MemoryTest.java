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
        assertThat(Memory.of(ProcessHandle.current().pid(), Memory.PROPORTIONAL))
                .isGreaterThan(1000);
    }

    @Test
    void isNothingElseInItsPlace() {
        assertThatThrownBy(() -> Memory.of(List.of("Rss:   52000 kB"), Memory.PROPORTIONAL))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no Pss: in smaps_rollup");
    }

    @Test
    void whatOthersOfItsKindShareCountsWholeWhereItIsAlone() throws Exception {
        List<String> smaps = List.of(
                "7f0000001000-7f0000002000 r-xp 00001000 fe:00 12   /opt/jdk/lib/server/libjvm.so",
                "Size:    20000 kB",
                "Rss:     15000 kB",
                "Pss:      7500 kB",
                "Pss_Dirty:  10 kB",
                "7f0000003000-7f0000004000 r-xp 00001000 fe:00 13   /usr/lib/libc.so.6",
                "Rss:      1600 kB",
                "Pss:       160 kB",
                "VmFlags: rd ex mr mw me",
                "7f0000005000-7f0000006000 rw-p 00000000 00:00 0 ",
                "Rss:      2000 kB",
                "Pss:      2000 kB");
        assertThat(Memory.alone(smaps, List.of("/opt/jdk/", "/usr/bin/node"))).isEqualTo(15000 + 160 + 2000);
        long pid = ProcessHandle.current().pid();
        assertThat(Memory.alone(pid)).isGreaterThan(1000);
        assertThatThrownBy(() -> Memory.alone(List.of("Rss:   52000 kB"), List.of()))
                .hasMessage("there is no Pss: in smaps");
    }
}
