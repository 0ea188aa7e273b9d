package io.github.autodaemon.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Client;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Server;
import io.github.autodaemon.Service;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a daemon refuses to do for a command, since it would do it in another way than the caller's own process. */
@Timeout(60)
class CommandDoubtsTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** What programs call. */
    public interface Api {
        /** Any number. */
        int get();
    }

    /** A service whose commands have the turn; its command calls the daemon that it runs in. */
    public static final class Nested implements Service<Api>, Program {
        @Override
        public Api connected(Client client) {
            return () -> 1;
        }

        @Override
        public boolean isSerial() {
            return true;
        }

        @Override
        public Optional<String> declines(Invocation in) {
            return switch (in.args().get(0)) {
                case "decline" -> Optional.of("not " + in.environment().get("X"));
                case "fail" -> throw new IllegalStateException("no idea");
                default -> Optional.empty();
            };
        }

        @Override
        public int run(Invocation in) {
            try (Connection<Api> connection =
                    at(Path.of(in.args().get(0)), false).connect()) {
                return connection.rpc().get();
            }
        }
    }

    private static AutoDaemon<Api> at(Path socket, boolean umask) {
        return AutoDaemon.of(Api.class, Nested.class)
                .socket(socket)
                .inheritUmask(umask)
                .build();
    }

    @Test
    void aCommandWithTheTurnThatCallsItsDaemonFailsAndDoesNotWaitForItself() throws Exception {
        Server server = at(scratch.socket(), false).createServer();
        server.listen();
        try (RawCaller caller =
                new RawCaller(scratch.socket()).ask(scratch.socket().toString())) {
            assertThat(caller.answer()).isEqualTo("[[null],2]");
            assertThat(caller.text()).startsWith("raw: ").contains("a method of the service calls the daemon");
            assertThat(caller.piece()).isEqualTo("9 01000000000000000000");
        }
        server.close();
        server.gone().get();
    }

    /** Nothing of the command has run, and the caller runs it; so also when the program does not know. */
    @Test
    void aProgramMayDeclineACommand() throws Exception {
        Server server = at(scratch.socket(), false).createServer();
        server.listen();
        Map<String, Object> fields = RawCaller.fields();
        fields.put("args", List.of("decline"));
        fields.put("env", Map.of("X", "mine"));
        try (RawCaller caller = new RawCaller(scratch.socket()).ask(fields)) {
            assertThat(caller.answer()).contains("\"cold\":true").contains("the command was not run: not mine");
        }
        fields.put("args", List.of("fail"));
        try (RawCaller caller = new RawCaller(scratch.socket()).ask(fields)) {
            assertThat(caller.answer()).contains("\"cold\":true").contains("no idea");
        }
        server.close();
        server.gone().get();
    }

    @Test
    void aDaemonWithItsStartersUmaskRefusesAnother() throws Exception {
        try (Connection<Api> connection = at(scratch.socket(), true).connect()) {
            assertThat(connection.rpc().get()).isEqualTo(1);
            Map<String, Object> fields = RawCaller.fields();
            fields.put("umask", 0123);
            try (RawCaller caller = new RawCaller(scratch.socket()).ask(fields)) {
                assertThat(caller.answer()).contains("\"cold\":true").contains("the caller's 123");
            }
        }
    }

    @Test
    void aDaemonThatSeesAnotherDirectoryRefuses() throws Exception {
        try (Connection<Api> connection = at(scratch.socket(), false).connect()) {
            assertThat(connection.rpc().get()).isEqualTo(1);
            Map<String, Object> fields = RawCaller.fields();
            fields.put("cwd", scratch.directory().toString());
            try (RawCaller caller = new RawCaller(scratch.socket()).ask(fields)) {
                assertThat(caller.answer())
                        .contains("\"cold\":true")
                        .contains("the daemon sees another directory at " + scratch.directory());
            }
        }
    }
}
