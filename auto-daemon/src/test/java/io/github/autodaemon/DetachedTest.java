package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a daemon has of the program that started it. */
@Timeout(60)
class DetachedTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    @Test
    void nothingOfTheClientSurvivesInTheDaemon() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            long pid = connection.rpc().pid();
            assertThat(connection.rpc().workingDirectory()).isEqualTo("/");
            assertThat(connection.rpc().environment())
                    .doesNotContainKeys("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")
                    .containsKey("PATH");
            List<String> stat = List.of(Files.readString(Path.of("/proc/" + pid + "/stat"))
                    .replaceAll(".*\\) ", "")
                    .split(" "));
            // Fields 5 and 6 of proc(5) are the process group and the session.
            assertThat(stat.get(2)).isEqualTo(Long.toString(pid));
            assertThat(stat.get(3)).isEqualTo(Long.toString(pid));
            assertThat(Files.readString(Path.of("/proc/" + pid + "/status"))).contains("Umask:\t0077");
            Path descriptors = Path.of("/proc/" + pid + "/fd");
            assertThat(Files.readSymbolicLink(descriptors.resolve("0"))).isEqualTo(Path.of("/dev/null"));
            assertThat(Files.readSymbolicLink(descriptors.resolve("1"))).isEqualTo(Path.of("/dev/null"));
            assertThat(Files.readSymbolicLink(descriptors.resolve("2")))
                    .isEqualTo(scratch.directory().resolve("s.log"));
            try (Stream<Path> all = Files.list(descriptors)) {
                assertThat(all.map(DetachedTest::target).filter(target -> target.startsWith("pipe:")))
                        .isEmpty();
            }
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    @Test
    void environmentAndWorkingDirectoryCanBeChosen() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab()
                .environment(Map.of(
                        "ONLY", "this", "XDG_RUNTIME_DIR", scratch.directory().toString()))
                .workingDirectory(scratch.directory())
                .build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().environment())
                    .containsEntry("ONLY", "this")
                    .doesNotContainKey("HOME");
            assertThat(connection.rpc().workingDirectory())
                    .isEqualTo(scratch.directory().toString());
        }
    }

    /** What is not passed on by itself is, when it is asked for. */
    @Test
    void theOptionsOfTheEnvironmentArePassedOnWhenAskedFor() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("JAVA_TOOL_OPTIONS", "-Dlab.constructorThrows=true");
        assertThatThrownBy(() -> scratch.lab().environment(environment).build().connect())
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("Picked up JAVA_TOOL_OPTIONS")
                .hasMessageContaining("the index is broken");
        assertThat(client("JAVA_TOOL_OPTIONS='-Dlab.constructorThrows=true' exec \"$@\"", "add", "2"))
                .contains("Picked up JAVA_TOOL_OPTIONS")
                .endsWith("\n2\n");
    }

    /** Runs a client in a shell, which does with it what the script says, and returns what it printed. */
    private String client(String script, String... words) throws Exception {
        return Scratch.output(scratch.client(script, words));
    }

    private Connection<Lab> running() {
        return scratch.lab().build().connectIfRunning().orElseThrow();
    }

    /** What the service creates is as its users' programs would create it; what the library creates is private all the same. */
    @Test
    void theClientsUmaskCanBeTheDaemons() throws Exception {
        String pid = client("umask 000; exec \"$@\"", "umask=inherited", "pid").strip();
        assertThat(Files.readString(Path.of("/proc", pid, "status"))).contains("Umask:\t0000");
        try (Connection<Lab> connection =
                scratch.lab().inheritUmask(true).build().connectIfRunning().orElseThrow()) {
            assertThat(connection.rpc().pid()).isEqualTo(Long.parseLong(pid));
        }
        try (Stream<Path> files = Files.list(scratch.directory())) {
            assertThat(files).hasSizeGreaterThan(4).allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .endsWith("------"));
        }
    }

    /** As of any program that another has started; the guide says so. */
    @Test
    void theFirstClientsPriorityAndLimitsAreTheDaemons() throws Exception {
        String pid = client("ulimit -s 4096; exec nice -n 5 \"$@\"", "pid").strip();
        assertThat(Files.readString(Path.of("/proc", pid, "limits"))).containsPattern("Max stack size +4194304 ");
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]).isEqualTo("5");
    }

    @Test
    void aDescriptorOfTheClientIsNotOpenInTheDaemon() throws Exception {
        Path file = scratch.directory().resolve("file");
        Process client = scratch.client("exec 9>'" + file + "'; exec \"$@\"", "hold");
        try (BufferedReader reader = client.inputReader()) {
            assertThat(reader.readLine()).startsWith("pid ");
            assertThat(descriptors(client.pid())).contains(file.toString());
            try (Connection<Lab> connection = running()) {
                // Its upkeep opens some of its own for a moment; what it inherited would stay.
                while (!foreign(connection.rpc().pid()).isEmpty()) {
                    assertThat(foreign(connection.rpc().pid())).doesNotContain(file.toString());
                }
            }
        } finally {
            client.destroyForcibly().waitFor();
        }
    }

    /** What a process has open that is not a daemon's. */
    private List<String> foreign(long pid) throws IOException {
        List<String> open = descriptors(pid);
        open.removeIf(target -> target.startsWith("socket:")
                || target.startsWith("anon_inode:[event")
                || target.startsWith("/dev/")
                || target.endsWith(".jar")
                || target.startsWith(System.getProperty("java.home"))
                || target.equals(scratch.socket() + ".lock")
                || target.equals(scratch.socket() + ".log"));
        return open;
    }

    private static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return new ArrayList<>(all.map(DetachedTest::target).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"})
    void aClientWithClosedStreams(String closed) throws Exception {
        String out = client("\"$@\" " + closed + "; echo \"exit code $?\"", "add", "2");
        assertThat(out).isEqualTo((closed.contains(">&-") && !closed.equals("2>&-") ? "" : "2\n") + "exit code 0\n");
        assertThat(client("exec \"$@\"", "add", "2")).isEqualTo("4\n");
        try (Connection<Lab> connection = running()) {
            Path descriptors = Path.of("/proc/" + connection.rpc().pid() + "/fd");
            assertThat(Files.readSymbolicLink(descriptors.resolve("0"))).isEqualTo(Path.of("/dev/null"));
            assertThat(Files.readSymbolicLink(descriptors.resolve("1"))).isEqualTo(Path.of("/dev/null"));
            assertThat(Files.readSymbolicLink(descriptors.resolve("2"))).isEqualTo(Path.of(scratch.socket() + ".log"));
        }
        assertThat(scratch.socket().resolveSibling("s.log")).content().doesNotContain("Exception");
    }

    @Test
    void anEmptyEnvironment() throws Exception {
        assertThat(client("exec env -i \"$@\"", "add", "2")).isEqualTo("2\n");
        try (Connection<Lab> connection = running()) {
            assertThat(connection.rpc().environment()).doesNotContainKeys("HOME", "CLASSPATH");
        }
        // It has written itself down in this user's own index, and deletes that when it leaves.
        scratch.lab().build().stop(Duration.ofSeconds(30));
    }

    @Test
    void theDirectoryOfTheClientCanBeRemoved() throws Exception {
        Path directory = Files.createDirectory(scratch.directory().resolve("work"));
        assertThat(client("cd '" + directory + "' && exec \"$@\"", "add", "2")).isEqualTo("2\n");
        Files.delete(directory);
        try (Connection<Lab> connection = running()) {
            assertThat(connection.rpc().workingDirectory()).isEqualTo("/");
            assertThat(connection.rpc().add(2)).isEqualTo(4);
            assertThat(descriptors(connection.rpc().pid())).noneMatch(target -> target.contains(directory.toString()));
        }
    }

    @Test
    void theJavaHomeCanBeChosen() throws Exception {
        Path home = Path.of(System.getProperty("java.home"));
        Path link = Files.createSymbolicLink(scratch.directory().resolve("java"), home);
        try (Connection<Lab> connection = scratch.lab().javaHome(link).build().connect()) {
            String command =
                    Files.readString(Path.of("/proc/" + connection.rpc().pid() + "/cmdline"));
            assertThat(command).startsWith(link.resolve("bin/java").toString());
            assertThat(command).contains(scratch.socket().toString());
        }
    }
}
