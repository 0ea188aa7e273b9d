package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Scratch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A method of the service that calls the daemon which it runs in. */
@Timeout(60)
class NestedTest {
    private static final String REFUSED = "a method of the service calls the daemon that it runs in (pid ";
    private static final String ADVICE =
            "Call the service's object directly, do not wait here (CompletableFuture), or let"
                    + " the service be concurrent";

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** What it does to itself. */
    interface Nest {
        String one();

        String two();

        CompletableFuture<String> later();

        String around();

        String aroundByAFuture();

        CompletableFuture<String> aroundWithoutAWait();

        String inAnother(String socket);

        String byACommand() throws Exception;

        int connected();
    }

    static final class NestService implements Service<Nest> {
        private int clients;

        @Override
        public Nest connected(Client client) {
            clients++;
            return new Nest() {
                private Connection<Nest> at(Path socket) {
                    return AutoDaemon.of(Nest.class, NestService.class)
                            .socket(socket)
                            .inProcess(true)
                            .args("here")
                            .build()
                            .connect();
                }

                private Connection<Rpc> itself() {
                    return AutoDaemon.dynamic("one")
                            .socket(client.server().socket())
                            .build()
                            .connectIfRunning()
                            .orElseThrow();
                }

                private boolean isHere() {
                    return client.args().contains("here");
                }

                @Override
                public String one() {
                    return "one";
                }

                @Override
                public String two() {
                    return "two";
                }

                @Override
                public CompletableFuture<String> later() {
                    return CompletableFuture.completedFuture("one");
                }

                @Override
                public String around() {
                    if (isHere()) {
                        try (Connection<Nest> itself = at(client.server().socket())) {
                            return "around " + itself.rpc().one();
                        }
                    }
                    try (Connection<Rpc> itself = itself()) {
                        return "around " + itself.rpc().call("one");
                    }
                }

                @Override
                public String aroundByAFuture() {
                    if (isHere()) {
                        try (Connection<Nest> itself = at(client.server().socket())) {
                            return "around " + itself.rpc().later().join();
                        }
                    }
                    try (Connection<Rpc> itself = itself()) {
                        return "around " + itself.rpc().callAsync("one").join();
                    }
                }

                @Override
                public CompletableFuture<String> aroundWithoutAWait() {
                    if (isHere()) {
                        Connection<Nest> itself = at(client.server().socket());
                        return itself.rpc().later().thenApply(one -> {
                            itself.close();
                            return "around " + one;
                        });
                    }
                    Connection<Rpc> itself = itself();
                    return itself.rpc().callAsync("one").thenApply(one -> {
                        itself.close();
                        return "around " + one;
                    });
                }

                @Override
                public String inAnother(String socket) {
                    try (Connection<Nest> another = at(Path.of(socket))) {
                        return "in another " + another.rpc().two();
                    }
                }

                @Override
                public String byACommand() throws Exception {
                    return Scratch.output(new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Command.class.getName(),
                                    client.server().socket().toString())
                            .redirectErrorStream(true));
                }

                @Override
                public int connected() {
                    return clients;
                }
            };
        }
    }

    /** What a method of the service runs, and waits for. */
    static final class Command {
        private Command() {}

        public static void main(String[] socket) {
            try (Connection<Rpc> daemon = AutoDaemon.dynamic("one")
                    .socket(Path.of(socket[0]))
                    .build()
                    .connectIfRunning()
                    .orElseThrow()) {
                System.out.println(daemon.rpc().call("one"));
            } catch (RemoteException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private AutoDaemonBuilder<Nest> nest() {
        return AutoDaemon.of(Nest.class, NestService.class).socket(scratch.socket());
    }

    private void isToldWhatToDo(AutoDaemon<Nest> nest, long pid) {
        try (Connection<Nest> connection = nest.connect()) {
            assertThatThrownBy(() -> connection.rpc().around())
                    .isInstanceOf(RemoteException.class)
                    .hasMessageStartingWith(REFUSED + pid(connection))
                    .hasMessageEndingWith(ADVICE);
            assertThatThrownBy(() -> connection.rpc().aroundByAFuture())
                    .isInstanceOf(RemoteException.class)
                    .hasMessageStartingWith(REFUSED + pid(connection));
            assertThat(connection.rpc().aroundWithoutAWait().join()).isEqualTo("around one");
            assertThat(connection.rpc().two()).isEqualTo("two");
            assertThat(pid == 0 || pid(connection) == pid).isTrue();
        }
    }

    private static long pid(Connection<?> connection) {
        return connection.pid().orElseThrow();
    }

    @Test
    void inADaemonItIsToldWhatToDo() {
        isToldWhatToDo(nest().build(), 0);
    }

    @Test
    void inThisProcessToo() {
        AutoDaemon<Nest> here = nest().inProcess(true).args("here").build();
        isToldWhatToDo(here, ProcessHandle.current().pid());
        assertThat(here.stop(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void oneThatIsConcurrentMayCallItself() {
        try (Connection<Nest> connection = nest().concurrent(4).build().connect()) {
            assertThat(connection.rpc().around()).isEqualTo("around one");
            assertThat(connection.rpc().aroundByAFuture()).isEqualTo("around one");
        }
    }

    /** Neither would end. */
    @Test
    void aCommandThatAMethodWaitsForIsToldWhatToDo() throws Exception {
        try (Connection<Nest> connection = nest().build().connect()) {
            assertThat(connection.rpc().byACommand())
                    .startsWith("a process that this daemon (pid " + pid(connection) + ") has started calls \"one\"")
                    .endsWith(ADVICE.substring(ADVICE.indexOf("or let")));
            assertThat(connection.rpc().one()).isEqualTo("one");
        }
    }

    @Test
    void aCommandThatAMethodOfAConcurrentServiceWaitsForIsServed() throws Exception {
        try (Connection<Nest> connection = nest().concurrent(4).build().connect()) {
            assertThat(connection.rpc().byACommand()).isEqualTo("one");
        }
    }

    /** The other one in the same process has a turn of its own. */
    @Test
    void whoCallsAnotherIsServed() {
        Path other = scratch.directory().resolve("other");
        AutoDaemon<Nest> here = nest().inProcess(true).args("here").build();
        AutoDaemon<Nest> there = AutoDaemon.of(Nest.class, NestService.class)
                .socket(other)
                .inProcess(true)
                .args("here")
                .build();
        try (Connection<Nest> connection = here.connect();
                Connection<Nest> second = there.connect()) {
            assertThat(second.rpc().connected()).isEqualTo(1);
            assertThat(connection.rpc().inAnother(other.toString())).isEqualTo("in another two");
        }
        assertThat(here.stop(Duration.ofSeconds(20))).isTrue();
        assertThat(there.stop(Duration.ofSeconds(20))).isTrue();
    }
}
