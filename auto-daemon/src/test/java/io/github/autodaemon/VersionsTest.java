package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Processes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client and a running daemon that do not match. */
@Timeout(120)
class VersionsTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** The test's own classes in a jar, and the library's class path behind it. */
    private String classPath(Path jar) throws IOException {
        Path classes = Path.of(URIs.of(LabService.class));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(classes)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar + ":" + Path.of(URIs.of(AutoDaemon.class)) + ":" + Path.of(URIs.of(com.google.gson.Gson.class));
    }

    private static final class URIs {
        static java.net.URI of(Class<?> type) {
            try {
                return type.getProtectionDomain().getCodeSource().getLocation().toURI();
            } catch (java.net.URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String reported(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Connects with {@code next} to what {@code first} has started, and returns what was said about it. */
    private static String replaced(AutoDaemonBuilder<Lab> first, AutoDaemonBuilder<Lab> next) {
        try (Connection<Lab> old = first.build().connect()) {
            return replaced(old, next);
        }
    }

    private static String replaced(Connection<Lab> old, AutoDaemonBuilder<Lab> next) {
        return reported(() -> {
            try (Connection<Lab> fresh = next.build().connect()) {
                assertThat(fresh.rpc().pid()).isNotEqualTo(old.rpc().pid());
                assertThat(fresh.spawned()).isPresent();
            }
        });
    }

    @Test
    void aJarThatIsReplacedUnderADaemonIsNoticed() throws Exception {
        Path jar = scratch.directory().resolve("app.jar");
        String path = classPath(jar);
        try (Connection<Lab> old = scratch.lab().classPath(path).build().connect()) {
            long pid = old.rpc().pid();
            Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-02T03:04:05.000000006Z")));
            String report = reported(() -> {
                try (Connection<Lab> fresh =
                        scratch.lab().classPath(path).build().connect()) {
                    assertThat(fresh.rpc().pid()).isNotEqualTo(pid);
                }
            });
            assertThat(report.lines()).hasSize(1);
            assertThat(report)
                    .startsWith("auto-daemon: replaced the daemon at " + scratch.socket() + " (pid " + pid
                            + "): classPath: " + jar + " (")
                    .contains(" -> " + jar + " (" + Files.size(jar) + " bytes, 2026-01-02T03:04:05.000000006Z)");
            assertThat(old.rpc().add(1)).isEqualTo(1);
        }
        assertThat(Files.readString(scratch.directory().resolve("s.log")))
                .contains(": replaces pid ")
                .contains("classPath: ");
    }

    /** A script that is started as ./app, ../here/app and /here/app has three class paths. */
    @Test
    void aJarIsTheSameHoweverItsPathIsWritten() throws Exception {
        Path directory = scratch.directory();
        String path = classPath(directory.resolve("app.jar"));
        try (Connection<Lab> first = scratch.lab().classPath(path).build().connect()) {
            for (String written : List.of(directory + "/.", directory + "/../" + directory.getFileName())) {
                AutoDaemonBuilder<Lab> lab =
                        scratch.lab().classPath(path.replace(directory + "/app.jar", written + "/app.jar"));
                String report = reported(() -> {
                    try (Connection<Lab> second = lab.build().connect()) {
                        assertThat(second.rpc().pid()).isEqualTo(first.rpc().pid());
                    }
                });
                assertThat(report).isEmpty();
            }
        }
    }

    /** A build that sets all times to 1980: then the content tells. */
    @Test
    void whereTheTimeLiesTheContentTells() throws Exception {
        Path jar = scratch.directory().resolve("app.jar");
        String path = classPath(jar) + ":" + scratch.directory().resolve("data");
        Path data = scratch.directory().resolve("data");
        FileTime never = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));
        Files.writeString(data, "one");
        Files.setLastModifiedTime(data, never);
        AutoDaemonBuilder<Lab> lab = scratch.lab().classPath(path);
        try (Connection<Lab> old = lab.build().connect();
                Connection<Lab> same = lab.build().connect()) {
            assertThat(same.rpc().pid()).isEqualTo(old.rpc().pid());
            Files.writeString(data, "two");
            Files.setLastModifiedTime(data, never);
            assertThat(replaced(old, lab)).contains("classPath: " + data + " (3 bytes, sum ");
        }
    }

    @Test
    void aClassFileThatIsWrittenOverIsNoticed() throws Exception {
        Path directory = Files.createDirectories(scratch.directory().resolve("classes/deep"));
        Path file = Files.writeString(directory.resolve("File.class"), "one");
        Files.createDirectory(directory.resolve("no-package"));
        String path = scratch.directory().resolve("classes") + ":" + System.getProperty("java.class.path");
        AutoDaemonBuilder<Lab> lab = scratch.lab().classPath(path);
        try (Connection<Lab> old = lab.build().connect();
                Connection<Lab> same = lab.build().connect()) {
            assertThat(same.rpc().pid()).isEqualTo(old.rpc().pid());
            // Neither is a class: a log in the directory, and what cannot be a package.
            Files.writeString(directory.resolve("a.log"), "one");
            Files.writeString(directory.resolve("no-package/Other.class"), "one");
            try (Connection<Lab> stillTheSame = lab.build().connect()) {
                assertThat(stillTheSame.rpc().pid()).isEqualTo(old.rpc().pid());
            }
            Files.writeString(file, "one more");
            assertThat(replaced(old, lab)).contains("classPath: " + scratch.directory() + "/classes (3 bytes, sum ");
        }
    }

    @Test
    void jvmOptionsAndJavaHomeAndEnvironment() throws Exception {
        assertThat(replaced(scratch.lab(), scratch.lab().jvmOptions("-Xmx64m")))
                .contains("jvmOptions: [] -> [-Xmx64m]");
        Path home = Path.of(System.getProperty("java.home"));
        Path link = Files.createSymbolicLink(scratch.directory().resolve("java"), home);
        assertThat(replaced(
                        scratch.lab().jvmOptions("-Xmx64m"),
                        scratch.lab().jvmOptions("-Xmx64m").javaHome(link)))
                .contains("jvm: " + home)
                .contains(" -> " + link);
        String here = scratch.directory().toString();
        assertThat(replaced(
                        scratch.lab().environment(Map.of("A", "one", "XDG_RUNTIME_DIR", here)),
                        scratch.lab().environment(Map.of("A", "secret", "XDG_RUNTIME_DIR", here))))
                .contains("environment: A (sum ")
                .doesNotContain("secret")
                .doesNotContain("XDG_RUNTIME_DIR (sum");
    }

    @Test
    void withoutReplacingItIsAnError() {
        try (Connection<Lab> old = scratch.lab().args("a").build().connect()) {
            assertThatThrownBy(
                            () -> scratch.lab().args("b").replace(false).build().connect())
                    .isInstanceOf(IncompatibleException.class)
                    .hasMessage("the daemon at " + scratch.socket() + " (pid "
                            + old.pid().orElseThrow() + ") does not fit, and this client does not replace it: args:"
                            + " [a] -> [b]");
            assertThat(old.rpc().args()).containsExactly("a");
        }
    }

    @Test
    void aServerInTheForegroundIsNotReplaced() throws Exception {
        Server server = scratch.lab().args("a").build().createServer().listen();
        assertThatThrownBy(() -> scratch.lab().args("b").build().connect())
                .isInstanceOf(IncompatibleException.class)
                .hasMessageContaining("args: [a] -> [b]; it runs in the foreground of a program");
        // Its class path is its operator's business.
        try (Connection<Lab> connection =
                scratch.lab().args("a").jvmOptions("-Xmx64m").build().connect()) {
            assertThat(connection.rpc().args()).containsExactly("a");
        }
        server.close();
        server.gone().get();
    }

    /** Each replacement is a cold start, said once; five a minute, and then whoever asks is told why not. */
    @Test
    void twoVersionsInTurnDoNotReplaceEachOtherForEver() throws Exception {
        List<AutoDaemon<Lab>> versions = List.of(
                scratch.lab().args("one").build(), scratch.lab().args("two").build());
        try (Connection<Lab> first = versions.get(0).connect();
                Duplex stream = first.rpc().echo()) {
            for (int i = 1; i <= 5; i++) {
                AutoDaemon<Lab> version = versions.get(i % 2);
                String report = reported(() -> version.connect().close());
                assertThat(report.lines()).hasSize(1);
            }
            assertThatThrownBy(() -> versions.get(0).connect())
                    .isInstanceOf(IncompatibleException.class)
                    .hasMessageContaining("args: [two] -> [one]")
                    .hasMessageContaining("5 daemons were replaced here within a minute")
                    .hasMessageContaining("put the version into the name");
            versions.get(1).connect().close();
            // The daemon of the first, five replacements ago, still serves who was there.
            stream.output().write("still here".getBytes(StandardCharsets.UTF_8));
            stream.output().close();
            assertThat(stream.input().readAllBytes()).asString().isEqualTo("still here");
        }
    }

    /** Ten clients of each version at the same moment: all get theirs, or are told; none waits for ever. */
    @Test
    void twoVersionsAtOnce() throws Exception {
        List<Thread> threads = new java.util.ArrayList<>();
        List<String> outcomes = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        for (int i = 0; i < 20; i++) {
            String version = "v" + i % 2;
            Thread thread = new Thread(() -> {
                try (Connection<Lab> connection =
                        scratch.lab().args(version).build().connect()) {
                    outcomes.add(String.valueOf(connection.rpc().args().equals(List.of(version))));
                } catch (IncompatibleException e) {
                    outcomes.add("refused");
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(outcomes).hasSize(20).isSubsetOf("true", "refused").contains("true");
    }

    /** Its index has one owner, and a handler that never returns does not keep it for ever. */
    @Test
    void anExclusiveDaemonWithAStuckCallIsReplacedWithinTheBound() throws Exception {
        AutoDaemonBuilder<Lab> lab = scratch.lab().exclusive(true).drain(Duration.ofMillis(300));
        try (Connection<Lab> old = lab.args("a").build().connect()) {
            ProcessHandle daemon = old.spawned().orElseThrow();
            Thread stuck = new Thread(() ->
                    assertThatThrownBy(() -> old.rpc().waitForGate()).isInstanceOf(ConnectionLostException.class));
            stuck.start();
            while (lab.build().status().orElseThrow().calls() != 1) {
                Thread.onSpinWait();
            }
            try (Connection<Lab> fresh = lab.args("b").build().connect()) {
                assertThat(fresh.rpc().args()).containsExactly("b");
                assertThat(Processes.hasEnded(daemon.pid())).isTrue();
            }
            stuck.join();
        }
        assertThat(Files.readString(scratch.previousLog()))
                .contains("--- left: replaced, asked to by pid "
                        + ProcessHandle.current().pid() + ": args: [a] -> [b]; it was not done after 300 ms");
    }
}
