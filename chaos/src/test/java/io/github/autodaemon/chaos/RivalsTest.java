package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.chaos.Listeners.Listener;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RivalsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final List<Listener> TWO = List.of(new Listener(1, 17), new Listener(2, 18));

    private final Rivals rivals = new Rivals();

    /** Found by the kernel's account, also the one whose path was deleted. */
    @Test
    void twoThatListenForTooLong(@TempDir Path directory) throws Exception {
        Path socket = directory.toRealPath().resolve("s");
        Processes.Found self = new Processes.Found(ProcessHandle.current().pid(), Processes.Kind.DAEMON, "");
        try (ServerSocketChannel first = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel second = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            first.bind(UnixDomainSocketAddress.of(socket));
            assertThat(Listeners.at(socket, List.of(self))).hasSize(1);
            Files.delete(socket);
            second.bind(UnixDomainSocketAddress.of(socket));
            List<Listener> both = Listeners.at(socket, List.of(self));
            assertThat(both).hasSize(2).allMatch(l -> l.pid() == self.pid());

            rivals.look(both, Set.of(), 0);
            rivals.look(both, Set.of(), 5 * SECOND);
            assertThatThrownBy(() -> rivals.look(both, Set.of(), 9 * SECOND))
                    .isInstanceOf(Violation.class)
                    .hasMessageContaining("two daemons listen");
        }
    }

    @Test
    void oneThatLeavesInTime() {
        rivals.look(TWO, Set.of(), 0);
        rivals.look(TWO.subList(1, 2), Set.of(), 7 * SECOND);
        rivals.look(TWO, Set.of(), 9 * SECOND);
    }

    @Test
    void oneThatIsStoppedHasNoTime() {
        rivals.look(TWO, Set.of(), 0);
        rivals.look(TWO, Set.of(17L), 7 * SECOND);
        rivals.look(TWO, Set.of(), 20 * SECOND);
        rivals.look(TWO, Set.of(), 27 * SECOND);
        assertThatThrownBy(() -> rivals.look(TWO, Set.of(), 29 * SECOND)).isInstanceOf(Violation.class);
    }
}
