package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.ConnectionLostException;
import io.github.autodaemon.junit.DaemonExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class CounterServiceTest {
    @RegisterExtension
    final DaemonExtension<Counter> counter = DaemonExtension.inProcess(Counter.class, CounterService.class);

    @Test
    void theSumIsEverybodys() {
        assertThat(counter.rpc().add(2)).isEqualTo(2);
        assertThat(counter.connect().rpc().add(3)).isEqualTo(5);
        assertThat(counter.rpc().get()).isEqualTo(5);
    }

    @Test
    void closingEndsTheSum() {
        counter.rpc().add(2);
        counter.rpc().close();
        assertThatThrownBy(() -> counter.rpc().get()).isInstanceOf(ConnectionLostException.class);
        assertThat(counter.connect().rpc().get()).isZero();
    }
}
