package io.github.autodaemon.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Test classes as users write them. They are run by tests, not by the build, for which their names do not fit. */
final class Samples {
    /** What a sample leaves behind is not waited for much. */
    static final Duration SHORT = Duration.ofMillis(300);

    /** Set by samples, for the test that has run them. */
    static final List<String> NOTES = new ArrayList<>();

    private static final Path NOWHERE = Path.of("/nowhere");

    /** Where the sample's service was. */
    static Path directory = NOWHERE;

    private Samples() {}

    static void reset() {
        NOTES.clear();
        directory = NOWHERE;
    }

    static DaemonExtension<Lab> lab(boolean inProcess) {
        return inProcess
                ? DaemonExtension.inProcess(Lab.class, LabService.class)
                : DaemonExtension.inDaemon(Lab.class, LabService.class);
    }

    /** A stream that has begun: before, it is a call that waits for its turn. */
    static Duplex stream(Lab rpc) {
        Duplex stream = rpc.echo();
        try {
            stream.output().write('x');
            stream.output().flush();
            assertThat(stream.input().read()).isEqualTo('x');
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    abstract static class Tests {
        @RegisterExtension
        final DaemonExtension<Lab> lab;

        Tests(DaemonExtension<Lab> lab) {
            this.lab = lab;
        }

        @BeforeEach
        void note() {
            directory = lab.directory();
        }
    }

    /** Everything that is used is over a little after the test. */
    abstract static class Clean extends Tests {
        Clean(DaemonExtension<Lab> lab) {
            super(lab);
        }

        @Test
        void usesEverything(Lab rpc, Connection<Lab> connection, Connection<?> any) throws Exception {
            assertThat(rpc.add(2)).isEqualTo(2);
            assertThat(rpc).isSameAs(lab.rpc()).isSameAs(connection.rpc());
            assertThat(any).isSameAs(connection).isSameAs(lab.connection());
            assertThat(lab.connect().rpc().add(3)).isEqualTo(5);
            lab.connect().rpc().refOfClient();
            CompletableFuture<String> soon = rpc.soon();
            assertThat(soon).isNotDone();
            try (Duplex stream = rpc.echo()) {
                stream.output().write("x".getBytes(StandardCharsets.UTF_8));
                stream.output().close();
                assertThat(stream.input().read()).isEqualTo('x');
            }
            try (Connection<Lab> other = lab.description().connect()) {
                assertThat(other.rpc().add(1)).isEqualTo(6);
            }
            assertThat(directory.resolve("sock")).isEqualTo(lab.socket());
            Files.writeString(directory.resolve("file"), "kept until the end");
        }
    }

    static final class CleanInProcess extends Clean {
        CleanInProcess() {
            super(Samples.lab(true));
        }
    }

    static final class CleanInDaemon extends Clean {
        CleanInDaemon() {
            super(Samples.lab(false));
        }
    }

    /** What is left behind by one client in a test, in either form. */
    abstract static class Leaky extends Tests {
        Leaky(DaemonExtension<Lab> lab) {
            super(lab);
        }

        @Test
        void stream() {
            Duplex unused = Samples.stream(lab.rpc());
        }

        @Test
        void streams() {
            assertThat(List.of(Samples.stream(lab.connect().rpc()), Samples.stream(lab.rpc())))
                    .hasSize(2);
        }

        @Test
        void call() {
            CompletableFuture<String> unused = lab.rpc().never();
        }

        @Test
        void reference() {
            lab.rpc().ref();
        }

        @Test
        void connection() {
            int unused = lab.description().connect().rpc().add(1);
        }

        @Test
        void blocked() {
            lab.rpc().block();
        }

        @Test
        void everything() {
            stream();
            call();
            reference();
            reference();
            connection();
        }

        @Test
        void failure() {
            lab.rpc().say("here it went wrong");
            stream();
            throw new IllegalStateException("the test's own");
        }
    }

    static final class LeakyInProcess extends Leaky {
        LeakyInProcess() {
            super(Samples.lab(true).patience(SHORT));
        }
    }

    static final class LeakyInDaemon extends Leaky {
        LeakyInDaemon() {
            super(Samples.lab(false).patience(SHORT));
        }
    }

    /** A description that is not the extension's, on its socket. */
    private static AutoDaemonBuilder<Lab> other(DaemonExtension<Lab> lab) {
        return AutoDaemon.of(Lab.class, LabService.class).socket(lab.socket());
    }

    /** Processes that stay. */
    static final class Stays {
        @RegisterExtension
        final DaemonExtension<Lab> lab = Samples.lab(false).patience(SHORT);

        @Test
        void closed() {
            lab.rpc().stay();
            note(lab.rpc());
            lab.rpc().close();
        }

        /** The first daemon stays; the second ends with the test. */
        @Test
        void replaced() {
            lab.rpc().stay();
            note(lab.rpc());
            try (Connection<Lab> successor = other(lab).args("x").build().connect()) {
                assertThat(successor.rpc().args()).containsExactly("x");
            }
        }

        private void note(Lab rpc) {
            directory = lab.directory();
            NOTES.add(Long.toString(rpc.pid()));
        }
    }

    /** No process stays, although there was more than one. */
    static final class Leaves {
        @RegisterExtension
        final DaemonExtension<Lab> lab = Samples.lab(false);

        @Test
        void replaced() {
            directory = lab.directory();
            lab.rpc().say("before");
            try (Connection<Lab> successor = other(lab).args("x").build().connect()) {
                NOTES.add(Boolean.toString(successor.spawned().isPresent()));
                successor.rpc().say("after");
            }
            throw new IllegalStateException("to see the logs");
        }

        /** The program under test knows the path only. */
        @Test
        void startedByAnother() {
            directory = lab.directory();
            try (Connection<Lab> connection = other(lab).build().connect()) {
                assertThat(connection.spawned()).isPresent();
            }
        }

        /** Who is stopped ends its threads too. */
        @Test
        void itsThreadsAlone() {
            directory = lab.directory();
            lab.rpc().stay();
        }

        @Test
        void nothingIsUsed() {
            NOTES.add("nothing");
        }
    }

    /** A daemon where none should be. */
    static final class Unwanted {
        @RegisterExtension
        final DaemonExtension<Lab> lab = Samples.lab(true).patience(SHORT);

        @Test
        void daemon() {
            directory = lab.directory();
            try (Connection<Lab> connection = other(lab).build().connect()) {
                NOTES.add(Long.toString(connection.rpc().pid()));
            }
        }
    }

    /** One service for the class. */
    @TestMethodOrder(MethodOrderer.MethodName.class)
    abstract static class Shared {
        abstract DaemonExtension<Lab> lab();

        @Test
        void a1LeavesAStream() {
            directory = lab().directory();
            assertThat(lab().rpc().add(1)).isEqualTo(1);
            Duplex unused = Samples.stream(lab().rpc());
        }

        @Test
        void a2IsNotBlamedForIt() {
            assertThat(lab().rpc().add(1)).isEqualTo(2);
            lab().connect().rpc().refOfClient();
        }

        @Test
        void a3LeavesAReference() {
            lab().rpc().ref();
        }

        @Test
        void a4EndsTheService() {
            assertThat(lab().rpc().add(1)).isEqualTo(3);
            lab().rpc().close();
            lab().connection().close();
        }

        @Test
        void a5HasAFreshOne() {
            assertThat(lab().rpc().add(1)).isEqualTo(1);
        }
    }

    static final class SharedInProcess extends Shared {
        @RegisterExtension
        static final DaemonExtension<Lab> LAB = Samples.lab(true).patience(SHORT);

        @Override
        DaemonExtension<Lab> lab() {
            return LAB;
        }
    }

    static final class SharedInDaemon extends Shared {
        @RegisterExtension
        static final DaemonExtension<Lab> LAB = Samples.lab(false).patience(SHORT);

        @Override
        DaemonExtension<Lab> lab() {
            return LAB;
        }
    }

    /** One service for the class, whose turn one test keeps. */
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static final class Blocked {
        @RegisterExtension
        static final DaemonExtension<Lab> LAB = Samples.lab(false).patience(SHORT);

        @Test
        void a1KeepsTheTurn() {
            directory = LAB.directory();
            LAB.rpc().block();
        }

        /** Its call waits for what another has left. */
        @Test
        void a2IsNotBlamedForIt() {
            CompletableFuture<String> unused = LAB.rpc().soon();
            assertThat(LAB.connect().isOpen()).isTrue();
        }
    }

    /** Two services of one type. */
    static final class Two {
        @RegisterExtension
        static final DaemonExtension<Lab> SHARED = Samples.lab(true);

        @RegisterExtension
        final DaemonExtension<Lab> first = Samples.lab(true);

        @Test
        void named(Lab first, Connection<Lab> SHARED, Connection<?> unused) {
            assertThat(first).isSameAs(this.first.rpc());
            assertThat(SHARED).isSameAs(unused);
        }

        @Test
        void byTheNamesOfTheFields(Connection<Lab> first, Lab SHARED) {
            directory = this.first.directory();
            assertThat(first).isSameAs(this.first.connection());
            assertThat(SHARED).isSameAs(Two.SHARED.rpc()).isNotSameAs(this.first.rpc());
        }
    }

    /** What the class has is the class's: no test is blamed, and a nested class shares it. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static final class OfTheClass {
        @RegisterExtension
        final DaemonExtension<Lab> lab = Samples.lab(true).patience(SHORT);

        @BeforeAll
        void open(Lab rpc) {
            directory = lab.directory();
            Duplex unused = Samples.stream(rpc);
            assertThat(lab.connect().rpc().add(1)).isEqualTo(1);
        }

        @Test
        void first() {
            assertThat(lab.rpc().add(0)).isOne();
        }

        @Nested
        class Inner {
            @Test
            void second() {
                assertThat(lab.rpc().add(0)).isOne();
            }
        }

        @AfterAll
        void note() {
            NOTES.add("sum " + lab.rpc().add(0));
        }
    }

    /** Each test has its own. */
    static final class Fresh {
        @RegisterExtension
        final DaemonExtension<Lab> lab = Samples.lab(true)
                .with(builder -> builder.args(argument()))
                .with((builder, place) -> builder.args(argument(), place.getFileName() + ""));

        private String argument() {
            return "given";
        }

        @Test
        void one() {
            check();
        }

        @Test
        void two() {
            check();
        }

        private void check() {
            assertThat(lab.rpc().add(1)).isEqualTo(1);
            assertThat(lab.rpc().args())
                    .containsExactly("given", String.valueOf(lab.directory().getFileName()));
            assertThat(lab.rpc().pid()).isEqualTo(ProcessHandle.current().pid());
        }
    }
}
