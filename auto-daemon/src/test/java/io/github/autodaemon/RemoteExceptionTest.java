package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.autodaemon.testing.Scratch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.AbstractList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a service throws, as a client sees it. */
@Timeout(60)
class RemoteExceptionTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    static final class Refused extends IllegalStateException {
        private static final long serialVersionUID = 1;
        public final int code;
        private final @Nullable String document;
        private final String password = "not told";

        Refused(String message, int code, @Nullable String document, Throwable cause) {
            super(message, cause);
            this.code = code;
            this.document = document;
        }

        public @Nullable String document() {
            return document;
        }

        /** It shows what it likes of it. */
        boolean isGuessed(String guess) {
            return guess.equals(password);
        }
    }

    /** What is declared, and can be made of a text. */
    public static class Declared extends Exception {
        private static final long serialVersionUID = 1;

        public Declared(String message) {
            super(message);
        }
    }

    public static final class More extends Declared {
        private static final long serialVersionUID = 1;

        public More(String message) {
            super(message);
        }
    }

    /** Cannot be made of a text. */
    static final class Coded extends Exception {
        private static final long serialVersionUID = 1;

        Coded(int code) {
            super("code " + code);
        }
    }

    interface Declaring {
        void simple(String how) throws Declared, IOException, Coded, InterruptedException, IllegalStateException;

        int count(Sequence<Integer> numbers) throws Declared;

        void undeclared() throws IOException;
    }

    static final class DeclaringService implements Service<Declaring> {
        @Override
        public Declaring connected(Client client) {
            return new Declaring() {
                @Override
                public void simple(String how) throws Declared, IOException, Coded, InterruptedException {
                    switch (how) {
                        case "declared" -> throw new Declared("as declared");
                        case "JDK" -> throw new IOException("no room", new IllegalStateException("the cause"));
                        case "subclass" -> throw new More("is one, too");
                        case "coded" -> throw new Coded(3);
                        case "interrupted" -> throw new InterruptedException("in the daemon");
                        default -> throw new IllegalStateException("unchecked");
                    }
                }

                @Override
                public int count(Sequence<Integer> numbers) throws Declared {
                    throw new Declared("no numbers, please");
                }

                @Override
                public void undeclared() {
                    throw new java.io.UncheckedIOException(new IOException("inside"));
                }
            };
        }
    }

    interface Failing {
        void refuse();

        CompletableFuture<String> refuseLater();

        CompletableFuture<List<String>> changing();
    }

    static final class FailingService implements Service<Failing> {
        @Override
        public Failing connected(Client client) {
            return new Failing() {
                @Override
                public void refuse() {
                    throw new Refused("no such document", 404, "a.txt", new IOException("disk gone"));
                }

                @Override
                public CompletableFuture<String> refuseLater() {
                    return CompletableFuture.supplyAsync(() -> {
                        refuse();
                        return "";
                    });
                }

                @Override
                public CompletableFuture<List<String>> changing() {
                    return CompletableFuture.completedFuture(new AbstractList<>() {
                        @Override
                        public String get(int index) {
                            return "";
                        }

                        @Override
                        public int size() {
                            return 1;
                        }

                        @Override
                        public Iterator<String> iterator() {
                            throw new ConcurrentModificationException("changed");
                        }
                    });
                }
            };
        }
    }

    private AutoDaemonBuilder<Failing> failing() {
        return AutoDaemon.of(Failing.class, FailingService.class).socket(scratch.socket());
    }

    private static String shown(Throwable thrown) {
        StringWriter out = new StringWriter();
        thrown.printStackTrace(new PrintWriter(out));
        return out.toString();
    }

    /** It is made anew, of its message alone; nothing is deserialised. */
    @Test
    void aCheckedExceptionThatIsDeclaredIsThrown() {
        AutoDaemon<Declaring> description = AutoDaemon.of(Declaring.class, DeclaringService.class)
                .socket(scratch.socket())
                .inProcess(true)
                .build();
        try (Connection<Declaring> connection = description.connect()) {
            Declaring rpc = connection.rpc();
            assertThatThrownBy(() -> rpc.simple("declared"))
                    .isExactlyInstanceOf(Declared.class)
                    .hasMessage("as declared")
                    .cause()
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("as declared");
            assertThatThrownBy(() -> rpc.simple("JDK"))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("no room")
                    .cause()
                    .isInstanceOf(RemoteException.class)
                    .cause()
                    .hasMessage("the cause");
            assertThatThrownBy(() -> rpc.count(Sequence.of(List.of(1))))
                    .isExactlyInstanceOf(Declared.class)
                    .hasMessage("no numbers, please");
            for (String how : List.of("subclass", "coded", "interrupted", "unchecked")) {
                assertThatThrownBy(() -> rpc.simple(how)).as(how).isExactlyInstanceOf(RemoteException.class);
            }
            assertThatThrownBy(rpc::undeclared).isExactlyInstanceOf(RemoteException.class);
        }
    }

    @Test
    void itsTextSaysWhatWasThrown() {
        assertThat(new RemoteException(Map.of("message", "no room", "type", "java.io.IOException")))
                .hasToString("io.github.autodaemon.RemoteException: java.io.IOException: no room");
        assertThat(new RemoteException(Map.of("message", "java.io.IOException", "type", "java.io.IOException")))
                .hasToString("io.github.autodaemon.RemoteException: java.io.IOException");
        assertThat(new RemoteException(Map.of("message", "from npm")))
                .hasToString("io.github.autodaemon.RemoteException: from npm");
    }

    @Test
    void messageTypeFieldsAndCauses() {
        AutoDaemon<Failing> failing = failing().build();
        try (Server server = failing.createServer().listen();
                Connection<Failing> connection = failing.connect()) {
            assertThat(server.ready()).isCompleted();
            RemoteException thrown = catchThrowableOfType(
                    RemoteException.class, () -> connection.rpc().refuse());
            assertThat(thrown).hasMessage("no such document");
            assertThat(thrown.type()).contains(Refused.class.getName());
            assertThat(thrown.stack()).isEmpty();
            assertThat(thrown.getSuppressed()).isEmpty();
            assertThat(thrown.properties())
                    .isEqualTo(Map.of(
                            "message",
                            "no such document",
                            "name",
                            "RemoteExceptionTest$Refused",
                            "type",
                            Refused.class.getName(),
                            "causes",
                            List.of(Map.of("message", "disk gone", "type", "java.io.IOException")),
                            "code",
                            404L,
                            "document",
                            "a.txt"));
            assertThat(thrown.getCause()).isInstanceOfSatisfying(RemoteException.class, cause -> {
                assertThat(cause).hasMessage("disk gone").hasNoCause();
                assertThat(cause.type()).contains("java.io.IOException");
                assertThat(cause.properties()).containsOnlyKeys("message", "type");
            });
        }
    }

    @Test
    void theStackIsThereOnRequestAndShownOnce() {
        AutoDaemon<Failing> failing = failing().remoteStacks(true).build();
        try (Connection<Failing> connection = failing.connect()) {
            RemoteException thrown = catchThrowableOfType(
                    RemoteException.class, () -> connection.rpc().refuse());
            String stack = thrown.stack().orElseThrow();
            assertThat(stack)
                    .startsWith(Refused.class.getName() + ": no such document\n\tat " + FailingService.class.getName())
                    .contains("\nCaused by: java.io.IOException: disk gone\n");
            String shown = shown(thrown);
            assertThat(shown)
                    .startsWith(RemoteException.class.getName() + ": " + Refused.class.getName()
                            + ": no such document\n\tat ")
                    .contains(
                            "\tSuppressed: " + RemoteException.class.getName() + "$RemoteStack: thrown in the daemon:\n"
                                    + "\t\t" + Refused.class.getName() + ": no such document\n\t\t\tat "
                                    + FailingService.class.getName());
            assertThat(shown.split("thrown in the daemon", -1)).hasSize(2);
            CompletionException later = catchThrowableOfType(
                    CompletionException.class,
                    () -> connection.rpc().refuseLater().join());
            assertThat(shown(later).split("thrown in the daemon", -1)).hasSize(2);
            assertThat(later.getCause()).isInstanceOfSatisfying(RemoteException.class, e -> assertThat(e.stack())
                    .isPresent());
            // One who did not ask is not told, in the same daemon.
            try (Connection<Failing> other = failing().build().connect()) {
                RemoteException plain = catchThrowableOfType(
                        RemoteException.class, () -> other.rpc().refuse());
                assertThat(plain.stack()).isEmpty();
            }
        }
    }

    @Test
    void insideThisProcessItIsTheSame() {
        AutoDaemon<Failing> failing =
                failing().remoteStacks(true).inProcess(true).build();
        try (Connection<Failing> connection = failing.connect()) {
            RemoteException thrown = catchThrowableOfType(
                    RemoteException.class, () -> connection.rpc().refuse());
            assertThat(thrown.stack()).isPresent();
        }
        failing.stop(java.time.Duration.ofSeconds(20));
    }

    /** Whoever waits for a future is told whatever goes wrong with its value. */
    @Test
    void aResultThatFailsWhileItIsWritten() {
        AutoDaemon<Failing> failing = failing().build();
        try (Server server = failing.createServer().listen();
                Connection<Failing> connection = failing.connect()) {
            assertThat(server.ready()).isCompleted();
            CompletionException thrown = catchThrowableOfType(
                    CompletionException.class, () -> connection.rpc().changing().join());
            assertThat(thrown.getCause()).isInstanceOf(RemoteException.class).hasMessage("changed");
        }
    }

    @Test
    void whateverAnotherSideSends() {
        RemoteException odd = new RemoteException(Map.of(
                "message", 5L, "type", true, "causes", List.of("text", Map.of(), Map.of("message", "m")), "stack", 7L));
        assertThat(odd).hasMessage("5");
        assertThat(odd.type()).isEmpty();
        assertThat(odd.stack()).isEmpty();
        assertThat(odd.getCause()).hasMessage("null").hasCause(new RemoteException(Map.of("message", "m")));
    }

    @Test
    void itCanBeSerialized() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new RemoteException(Map.of("message", "m", "code", "E", "stack", "s")));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isInstanceOfSatisfying(RemoteException.class, e -> {
                assertThat(e.properties()).containsEntry("code", "E");
                assertThat(e.stack()).contains("s");
            });
        }
    }
}
