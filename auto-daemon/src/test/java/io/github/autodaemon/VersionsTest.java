package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
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
import java.util.function.UnaryOperator;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** An installation is often reached through a link, and a jar is one itself; so may be its directory, or the JVM's. */
    @Test
    void aLinkLeadsToTheSameProgram() throws Exception {
        Path directory = Files.createDirectory(scratch.directory().resolve("v1"));
        Path classes = Files.createDirectories(directory.resolve("classes/deep"));
        Files.writeString(classes.resolve("File.class"), "one");
        String path = classPath(directory.resolve("app.jar")) + ":" + directory.resolve("classes");
        Path current = Files.createSymbolicLink(scratch.directory().resolve("current"), directory);
        Path jar = Files.createSymbolicLink(scratch.directory().resolve("link.jar"), directory.resolve("app.jar"));
        Path java =
                Files.createSymbolicLink(scratch.directory().resolve("java"), Path.of(System.getProperty("java.home")));
        String throughLinks = path.replace(directory + "/app.jar", jar.toString())
                .replace(directory + "/classes", current + "/classes");
        AutoDaemonBuilder<Lab> linked = scratch.lab()
                .classPath(throughLinks)
                .javaHome(java)
                .workingDirectory(Files.createSymbolicLink(scratch.directory().resolve("root"), Path.of("/usr")));
        try (Connection<Lab> first = scratch.lab()
                        .classPath(path)
                        .workingDirectory(Path.of("/usr/"))
                        .build()
                        .connect();
                Connection<Lab> second = linked.replace(false).build().connect()) {
            assertThat(second.rpc().pid()).isEqualTo(first.rpc().pid());
            // What is behind a link counts, and so does what is behind one inside.
            Files.createSymbolicLink(
                    directory.resolve("classes/more"), Files.createDirectory(directory.resolve("far")));
            Files.writeString(directory.resolve("far/Other.class"), "one");
            assertThatThrownBy(() -> linked.build().connect())
                    .isInstanceOf(IncompatibleException.class)
                    .hasMessageContaining("classPath: " + directory + "/classes (3 bytes, sum ")
                    .hasMessageContaining(" -> " + directory + "/classes (6 bytes, sum ");
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

    /** Another installation of the same JVM. */
    private Path otherJava() throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        Path other = Files.createDirectory(scratch.directory().resolve("java"));
        for (String part : List.of("bin", "lib", "conf")) {
            if (Files.exists(home.resolve(part))) {
                Files.createSymbolicLink(other.resolve(part), home.resolve(part));
            }
        }
        Files.copy(home.resolve("release"), other.resolve("release"));
        return other;
    }

    @Test
    void jvmOptionsAndJavaHomeAndEnvironment() throws Exception {
        assertThat(replaced(scratch.lab(), scratch.lab().jvmOptions("-Xmx64m")))
                .contains("jvmOptions: [] -> [-Xmx64m]");
        Path other = otherJava();
        assertThat(replaced(
                        scratch.lab().jvmOptions("-Xmx64m"),
                        scratch.lab().jvmOptions("-Xmx64m").javaHome(other)))
                .contains("jvm: " + System.getProperty("java.home"))
                .contains(" -> " + other);
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

    /** The second takes the place of the first; when the first is back it has a daemon of its own, and so it stays. */
    @Test
    void twoVersionsInTurnHaveADaemonEach() throws Exception {
        List<AutoDaemon<Lab>> versions = List.of(
                scratch.lab().args("one").build(), scratch.lab().args("two").build());
        try (Connection<Lab> first = versions.get(0).connect();
                Duplex stream = first.rpc().echo()) {
            assertThat(reported(() -> versions.get(1).connect().close()).lines())
                    .singleElement()
                    .asString()
                    .contains("replaced the daemon at " + scratch.socket())
                    .contains("args: [one] -> [two]");
            String report = reported(() -> versions.get(0).connect().close());
            assertThat(report.lines()).hasSize(1);
            assertThat(report)
                    .startsWith("auto-daemon: started a daemon of this program's own, beside the daemon at "
                            + scratch.socket() + " (pid ")
                    .contains("since they are used in turn: args: [two] -> [one]");
            for (int i = 1; i <= 6; i++) {
                AutoDaemon<Lab> version = versions.get(i % 2);
                long sum = (i + 1L) / 2;
                assertThat(reported(() -> {
                            try (Connection<Lab> connection = version.connect()) {
                                assertThat(connection.spawned()).isEmpty();
                                assertThat(connection.rpc().add(1)).isEqualTo(sum);
                            }
                        }))
                        .isEmpty();
            }
            // The daemon that was replaced still serves who was there.
            stream.output().write("still here".getBytes(StandardCharsets.UTF_8));
            stream.output().close();
            assertThat(stream.input().readAllBytes()).asString().isEqualTo("still here");
        }
    }

    /** Each build is another, and none is back. */
    @Test
    void manyBuildsInAMinuteAreAllRun() throws Exception {
        Path jar = scratch.directory().resolve("app.jar");
        AutoDaemon<Lab> lab = scratch.lab().classPath(classPath(jar)).build();
        for (int i = 0; i < 7; i++) {
            Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-02T03:04:0" + i + "Z")));
            String report = reported(() -> {
                try (Connection<Lab> fresh = lab.connect()) {
                    assertThat(fresh.spawned()).isPresent();
                }
            });
            assertThat(report.lines()).hasSize(i == 0 ? 0 : 1);
        }
        assertThat(lab.stop(Duration.ofSeconds(30))).isTrue();
        assertThat(scratch.lab().build().status()).isEmpty();
    }

    @Test
    void besideEachHasADaemonOfItsOwn() throws Exception {
        AutoDaemon<Lab> one = scratch.lab().args("one").beside(true).build();
        AutoDaemon<Lab> two = scratch.lab().args("two").beside(true).build();
        try (Connection<Lab> first = one.connect();
                Connection<Lab> second = two.connect()) {
            assertThat(second.rpc().args()).containsExactly("two");
            assertThat(first.socket()).isEqualTo(scratch.socket()).isEqualTo(one.socket());
            assertThat(second.socket().toString()).startsWith(scratch.socket() + "+");
            assertThat(first.rpc().add(1)).isEqualTo(1);
            assertThat(second.rpc().add(2)).isEqualTo(2);
            try (Connection<Lab> again = two.connectIfRunning().orElseThrow()) {
                assertThat(again.rpc().add(2)).isEqualTo(4);
                assertThat(again.spawned()).isEmpty();
            }
            assertThat(one.status().orElseThrow().pid()).isEqualTo(first.pid().orElseThrow());
            assertThat(two.status().orElseThrow().pid()).isEqualTo(second.pid().orElseThrow());
            // Nobody comes for it when its program has been upgraded.
            assertThat(second.status(Duration.ofSeconds(30)).orElseThrow().state())
                    .isEqualTo(DaemonStatus.State.SERVING);
        }
        // The other two are not of these three.
        assertThatThrownBy(
                        () -> scratch.lab().args("three").replace(false).build().connect())
                .isInstanceOf(IncompatibleException.class);
        assertThat(two.stop(Duration.ofSeconds(30))).isTrue();
        assertThat(one.stop(Duration.ofSeconds(30))).isTrue();
        assertThat(one.status()).isEmpty();
    }

    /** The place where all meet is free again, and its own daemon is still there: that one has the state. */
    @Test
    void whoHasADaemonOfItsOwnGoesOnWithItWhenTheOtherHasLeft() throws Exception {
        AutoDaemon<Lab> one = scratch.lab().args("one").beside(true).build();
        AutoDaemon<Lab> two = scratch.lab().args("two").beside(true).build();
        one.connect().close();
        try (Connection<Lab> connection = two.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        assertThat(one.stop(Duration.ofSeconds(30))).isTrue();
        try (Connection<Lab> connection = two.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(2);
        }
    }

    @Test
    void anExclusiveServiceHasNoneBeside() {
        assertThatThrownBy(() -> scratch.lab().beside(true).exclusive(true).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a service that is exclusive(true) has one daemon, and none beside(true)");
    }

    /** Each of these was ignored by a daemon that had been started without. */
    @ParameterizedTest
    @MethodSource("options")
    void aDaemonWithOtherOptionsIsAnother(String difference, UnaryOperator<AutoDaemonBuilder<Lab>> option) {
        assertThatThrownBy(() -> {
                    try (Connection<Lab> old = scratch.lab().build().connect()) {
                        assertThat(old.isOpen()).isTrue();
                        option.apply(scratch.lab()).replace(false).build().connect();
                    }
                })
                .isInstanceOf(IncompatibleException.class)
                .hasMessageEndingWith("this client does not replace it: options: " + difference);
    }

    static List<Arguments> options() {
        return List.of(
                option("nothing -> autoClose=true", lab -> lab.autoClose(true)),
                option("nothing -> linger=5000 ms", lab -> lab.linger(Duration.ofSeconds(5))),
                option("nothing -> idleTimeout=60000 ms", lab -> lab.idleTimeout(Duration.ofMinutes(1))),
                option("nothing -> drain=0 ms", lab -> lab.drain(Duration.ZERO)),
                option("nothing -> exitOnClose=true", lab -> lab.exitOnClose(true)),
                option("nothing -> exclusive=true", lab -> lab.exclusive(true)),
                option("nothing -> concurrent=4", lab -> lab.concurrent(4)),
                option("nothing -> errorFirst=true", lab -> lab.errorFirst(true)),
                option("nothing -> allowRoot=true", lab -> lab.allowRoot(true)),
                option("nothing -> workingDirectory=/usr", lab -> lab.workingDirectory(Path.of("/usr"))),
                option("nothing -> inheritUmask=true", lab -> lab.inheritUmask(true)),
                option("nothing -> pidFile=/nowhere/pid", lab -> lab.pidFile(Path.of("/nowhere/pid"))),
                option("nothing -> maxLog=1000", lab -> lab.maxLog(1000)),
                option("nothing -> maxMessage=99999", lab -> lab.maxMessage(99_999)),
                option("nothing -> maxDepth=20", lab -> lab.maxDepth(20)),
                option("nothing -> maxStreams=3", lab -> lab.maxStreams(3)),
                option("nothing -> maxQueued=3", lab -> lab.maxQueued(3)));
    }

    private static Arguments option(String difference, UnaryOperator<AutoDaemonBuilder<Lab>> option) {
        return Arguments.of(difference, option);
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
