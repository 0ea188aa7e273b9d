package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Scratch;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No daemon: the service runs in the process that uses it. */
@Timeout(60)
class InProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private AutoDaemonBuilder<Lab> lab() {
        return scratch.lab().inProcess(true);
    }

    @AfterEach
    void end() {
        lab().build().stop(PATIENCE);
    }

    @Test
    void theServiceIsHereAndItsStateOutlivesAConnection() throws Exception {
        AutoDaemon<Lab> lab = lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(connection.rpc().add(2)).isEqualTo(2);
            assertThat(connection.spawned()).isEmpty();
        }
        try (Connection<Lab> connection = lab().build().connect()) {
            assertThat(connection.rpc().add(3)).isEqualTo(5);
        }
        assertThat(scratch.processes()).isEmpty();
        try (Stream<java.nio.file.Path> files = Files.list(scratch.directory())) {
            assertThat(files).isEmpty();
        }
    }

    /** What only a process of the daemon's own can have is not passed over in silence. */
    @Test
    void whatHasNoEffectHereIsSaid() throws Exception {
        assertThat(Scratch.output(scratch.command("off=1", "jvm=-Xmx64m", "bare=1", "add", "1")))
                .contains("runs in this process, so of its description jvmOptions, environment has no effect")
                .contains("\n1\n");
        assertThat(Scratch.output(scratch.command("off=1", "add", "1"))).startsWith("1\n");
    }

    /** The JVM takes no hook any more. */
    @Test
    void theFirstConnectIsMadeWhileTheProcessEnds() throws Exception {
        assertThat(Scratch.output(scratch.command("off=1", "hook")))
                .contains("will not be closed: this process is ending already")
                .endsWith("\n1");
        assertThat(Scratch.output(scratch.command("hook"))).isEqualTo("1");
        assertThat(Scratch.output(scratch.command("hook"))).isEqualTo("2");
    }

    /** JSON goes in and out here too, errors are the same, and calls run one at a time. */
    @Test
    void theSemanticsAreThoseOfADaemon() throws Exception {
        try (Connection<Lab> connection = lab().args("x").build().connect()) {
            Lab.Point point = new Lab.Point(1, 2, "m");
            assertThat(connection.rpc().mirror(point)).isEqualTo(new Lab.Point(2, 1, "m"));
            List<String> given = connection.rpc().args();
            assertThat(given).containsExactly("x").isNotSameAs(connection.rpc().args());
            assertThatThrownBy(() -> connection.rpc().fail("no"))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("no");
            assertThat(connection.rpc().later("soon").get()).isEqualTo("soon");
            try (Duplex stream = connection.rpc().echo()) {
                stream.output().write("hello".getBytes(StandardCharsets.UTF_8));
                stream.output().close();
                assertThat(stream.input().readAllBytes()).asString().isEqualTo("hello");
            }
            CompletableFuture<?>[] all = new CompletableFuture<?>[8];
            for (int i = 0; i < all.length; i++) {
                all[i] = CompletableFuture.runAsync(() -> connection.rpc().busy(), task -> new Thread(task).start());
            }
            CompletableFuture.allOf(all).get();
            assertThat(connection.rpc().mostAtOnce()).isEqualTo(1);
        }
    }

    @Test
    void closeEndsItAndTheNextConnectMakesAFreshOne() {
        AutoDaemon<Lab> lab = lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().add(9);
            connection.rpc().close();
        }
        assertThat(lab.connectIfRunning()).isEmpty();
        assertThat(lab.status()).isEmpty();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(5)).isEqualTo(5);
            assertThat(lab.status().orElseThrow().clients()).isEqualTo(1);
        }
    }

    /** Called from its own process only. */
    interface Tally {
        int add(int n);
    }

    /** Tells whether it is still held by anybody. */
    static final class TallyService implements Service<Tally> {
        static WeakReference<TallyService> last = new WeakReference<>(null);

        @Override
        public Tally connected(Client client) {
            last = new WeakReference<>(this);
            return n -> n;
        }
    }

    private void tallyOnce() {
        AutoDaemon<Tally> tally = AutoDaemon.of(Tally.class, TallyService.class)
                .socket(scratch.socket())
                .inProcess(true)
                .build();
        try (Connection<Tally> connection = tally.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        assertThat(tally.stop(PATIENCE)).isTrue();
    }

    /** A program that runs many, such as a test suite, keeps none that has ended. */
    @Test
    void whatHasEndedIsForgotten() {
        tallyOnce();
        while (TallyService.last.get() != null) {
            // The time limit interrupts.
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            System.gc();
        }
    }

    /** Its constructor uses another service of this process, by way of a thread of its own. */
    static final class Upper implements Service<Begun> {
        static volatile @Nullable AutoDaemon<Lab> lower;

        private final long begun = CompletableFuture.supplyAsync(
                        () -> {
                            try (Connection<Lab> connection =
                                    Objects.requireNonNull(lower).connect()) {
                                return connection.rpc().add(7);
                            }
                        },
                        Scratch::inThread)
                .join();

        @Override
        public Begun connected(Client client) {
            return () -> begun;
        }
    }

    /** What an upper one serves. */
    interface Begun {
        long begun();
    }

    @Test
    void oneServiceMayUseAnotherWhileItIsMade() {
        AutoDaemon<Lab> lower = lab().build();
        Upper.lower = lower;
        AutoDaemon<Begun> upper = AutoDaemon.of(Begun.class, Upper.class)
                .socket(scratch.directory().resolve("upper"))
                .inProcess(true)
                .build();
        try (Connection<Begun> connection = upper.connect()) {
            assertThat(connection.rpc().begun()).isEqualTo(7);
        }
        assertThat(upper.stop(PATIENCE)).isTrue();
        assertThat(lower.stop(PATIENCE)).isTrue();
    }

    @Test
    void autocloseEndsIt() {
        AutoDaemon<Lab> lab = lab().autoClose(true).linger(Duration.ZERO).build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().add(9);
        }
        while (lab.status().isPresent()) {
            Thread.onSpinWait();
        }
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    @Test
    void whatIsExclusiveHasOneOwner() throws Exception {
        AutoDaemon<Lab> daemon = scratch.lab().exclusive(true).build();
        AutoDaemon<Lab> here =
                lab().exclusive(true).timeout(Duration.ofMillis(300)).build();
        daemon.connect().close();
        assertThatThrownBy(here::connect)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("the exclusive service at " + scratch.socket() + " runs in a daemon or in another"
                        + " process; stop it first");
        assertThat(daemon.stop(PATIENCE)).isTrue();
        try (Connection<Lab> connection = here.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    private String run(String mode, String... words) throws Exception {
        ProcessBuilder builder = scratch.command(words);
        builder.environment().put("AUTODAEMON", mode);
        return Scratch.output(builder);
    }

    @Test
    void theEnvironmentSwitchesDaemonsOff() throws Exception {
        assertThat(run("off", "add", "1").lines()).containsExactly("1", "service closed");
        assertThat(run("off", "add", "1").lines()).containsExactly("1", "service closed");
        assertThat(scratch.processes()).isEmpty();
    }

    @Test
    void theEnvironmentForbidsToStartOne() throws Exception {
        assertThat(run("nospawn", "add", "1"))
                .isEqualTo("UnreachableException: no daemon serves " + scratch.socket()
                        + ", and AUTODAEMON=nospawn forbids to start one");
        assertThat(scratch.processes()).isEmpty();
        assertThat(run("on", "add", "1")).isEqualTo("1");
        assertThat(run("nospawn", "add", "1")).isEqualTo("2");
        assertThat(run("of", "add", "1"))
                .startsWith("AutoDaemonException: the environment variable AUTODAEMON is \"of\"; it can be on, off (");
    }

    @Test
    void theDescriptionForbidsToStartOne() {
        assertThatThrownBy(() -> scratch.lab().spawn(false).build().connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessage("no daemon serves " + scratch.socket() + ", and spawn(false) forbids to start one");
        assertThat(scratch.lab().spawn(false).build().connectIfRunning()).isEmpty();
    }
}
