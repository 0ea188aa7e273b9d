package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PinTest {
    @Test
    void readsTheKernelsListsOfProcessors() {
        assertThat(Pin.parse("0")).containsExactly(0);
        assertThat(Pin.parse("0-1")).containsExactly(0, 1);
        assertThat(Pin.parse("3,5-7,12")).containsExactly(3, 5, 6, 7, 12);
    }

    @Test
    void putsBothOnOneProcessor() throws Exception {
        List<String> server = Pin.ONE.server(List.of("a"));

        assertThat(server).startsWith("taskset", "-c").hasSize(4).endsWith("a");
        assertThat(Pin.ONE.client(List.of("a"))).isEqualTo(server);
    }
}
