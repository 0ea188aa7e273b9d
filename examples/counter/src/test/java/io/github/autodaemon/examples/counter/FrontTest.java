package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Start scripts that run the front. {@link SharingCommand}, in the JVM, says on standard error that it was run. */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class FrontTest {
    private static final String SCRIPT = "io.github.autodaemon.internal.startup.StartScript";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");
    private final Map<String, String> variables = new java.util.HashMap<>();

    record Ran(int exitCode, String out, String err) {
        boolean wasInJvm() {
            return err.startsWith("none") || err.startsWith("taken");
        }
    }

    @BeforeEach
    void create() throws Exception {
        directory = place.directory();
        Files.createDirectory(
                directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        variables.put("XDG_RUNTIME_DIR", directory.resolve("run").toString());
    }

    /** A program in a directory: jars, a script, and a native program. */
    private Path install(String name) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectory(home.resolve("lib"));
        Jars.write(SharingCommand.class, home.resolve("lib/test.jar"));
        Jars.write(CounterCommand.class, home.resolve("lib/counter.jar"));
        Jars.write(AutoDaemon.class, home.resolve("lib/auto-daemon.jar"));
        Jars.write(Gson.class, home.resolve("lib/gson.jar"));
        List<String> command = new ArrayList<>(List.of(JAVA, "-cp", System.getProperty("java.class.path"), SCRIPT));
        command.addAll(List.of("--main", SharingCommand.class.getName()));
        command.addAll(List.of("--daemon-option", "--socket=", "--daemon-option", "--autoclose", "--cold", "--debug"));
        command.addAll(List.of("--out", home.resolve("counter.sh").toString()));
        command.addAll(List.of("--native", home.resolve("counter").toString()));
        command.addAll(List.of("lib/test.jar", "lib/counter.jar", "lib/auto-daemon.jar", "lib/gson.jar"));
        assertThat(run(command.toArray(String[]::new))).isEqualTo(new Ran(0, "", ""));
        return home;
    }

    private Ran run(String... command) throws Exception {
        return ended(start(command));
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AUTODAEMON"));
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static Ran ended(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, err);
    }

    private void inJvm(String expected, String... command) throws Exception {
        Ran ran = run(command);
        assertThat(ran.wasInJvm()).as(ran.toString()).isTrue();
        assertThat(ran.out()).isEqualTo(expected);
        assertThat(ran.exitCode()).isZero();
    }

    private void inFront(String expected, String... command) throws Exception {
        assertThat(run(command)).isEqualTo(new Ran(0, expected, ""));
    }

    @Test
    void theFirstCommandIsAJvmAndTheNextOnesAreTheFront() throws Exception {
        Path home = install("app");
        for (String program : List.of(home + "/counter.sh", home + "/counter")) {
            inJvm("2\n", program, "add", "2");
            inFront("5\n", program, "add", "3");
            inFront("5\n", home + "/counter.sh", "get");
            inFront("5\n", home + "/counter", "get");
            Ran wrong = run(program, "add", "two");
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err())
                    .isEqualTo("counter: add needs a whole number, not \"two\"\n" + CounterArguments.USAGE + "\n");
            inFront("", program, "close");
            for (ProcessHandle daemon : place.daemons()) {
                io.github.autodaemon.testing.Processes.awaitEnd(daemon);
            }
        }
        inJvm("1\n", home + "/counter", "add", "1");
    }

    @Test
    void whatChoosesTheDaemonChoosesTheStamp() throws Exception {
        Path home = install("app");
        Path one = directory.resolve("run/one");
        Path two = directory.resolve("run/two");
        for (String program : List.of(home + "/counter.sh", home + "/counter")) {
            String first = program.endsWith("sh") ? "1\n" : "4\n";
            // One of the two has made the other's stamp.
            assertThat(run(program, "--socket", one.toString(), "add", "1").out())
                    .isEqualTo(first);
            inFront(program.endsWith("sh") ? "2\n" : "5\n", program, "--socket", one.toString(), "add", "1");
            assertThat(run(program, "--socket", two.toString(), "get").out()).isEqualTo("0\n");
            inFront("0\n", program, "--socket", two.toString(), "get");
            assertThat(run(program, "--socket=" + one, "get").exitCode()).isEqualTo(2);
            inFront(program.endsWith("sh") ? "3\n" : "6\n", program, "--socket", one.toString(), "add", "1");
            inJvm(program.endsWith("sh") ? "3\n" : "6\n", program, "--socket", "run/one", "get");
            inJvm(program.endsWith("sh") ? "3\n" : "6\n", program, "--socket", "run/one", "get");
            Ran debug = run(program, "--socket", one.toString(), "--debug", "get");
            assertThat(debug.wasInJvm()).isTrue();
            assertThat(debug.out()).isEqualTo(program.endsWith("sh") ? "3\n" : "6\n");
            variables.put("AUTODAEMON_FRONT", "off");
            inJvm(program.endsWith("sh") ? "3\n" : "6\n", program, "--socket", one.toString(), "get");
            variables.remove("AUTODAEMON_FRONT");
        }
        variables.put("AUTODAEMON", "off");
        inJvm("0\n", home + "/counter", "--socket", one.toString(), "get");
    }

    @Test
    void whatHasChangedIsSeen() throws Exception {
        Path home = install("app");
        String program = home + "/counter.sh";
        inJvm("2\n", program, "add", "2");
        inFront("2\n", program, "get");

        Path jar = home.resolve("lib/test.jar");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_700_000_000_000L));
        Ran replaced = run(program, "add", "1");
        assertThat(replaced.wasInJvm()).isTrue();
        assertThat(replaced.out()).isEqualTo("1\n");
        assertThat(replaced.err())
                .contains("auto-daemon: replaced the daemon at ")
                .contains(jar.toString());
        inFront("1\n", program, "get");

        variables.put("JAVA_TOOL_OPTIONS", "-Dany=1");
        assertThat(run(program, "get").err()).contains("Picked up JAVA_TOOL_OPTIONS");
        variables.remove("JAVA_TOOL_OPTIONS");
        inJvm("1\n", program, "get");

        Path elsewhere = Files.createDirectory(
                directory.resolve("run2"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        variables.put("XDG_RUNTIME_DIR", elsewhere.toString());
        inJvm("7\n", program, "add", "7");
        inFront("7\n", program, "get");
    }

    @Test
    void twoCheckoutsInTurn() throws Exception {
        Path one = install("one");
        Path two = install("two");
        for (int i = 0; i < 3; i++) {
            assertThat(run(one + "/counter.sh", "get").exitCode()).isZero();
            assertThat(run(two + "/counter.sh", "get").exitCode()).isZero();
        }
        // Each has a daemon of its own by now.
        long first = Long.parseLong(run(one + "/counter.sh", "get").out().strip());
        inFront((first + 5) + "\n", one + "/counter.sh", "add", "5");
        assertThat(run(two + "/counter.sh", "get").out()).isEqualTo("0\n");
        inFront("0\n", two + "/counter.sh", "get");
        inFront((first + 5) + "\n", one + "/counter.sh", "get");
    }

    @Test
    void aHundredAtOnce() throws Exception {
        Path home = install("app");
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(start(home + "/counter.sh", "add", "1"));
        }
        List<String> sums = new ArrayList<>();
        for (Process process : all) {
            sums.add(ended(process).out().strip());
        }
        all.clear();
        inFront("12\n", home + "/counter.sh", "get");
        for (int i = 0; i < 100; i++) {
            all.add(start(home + (i % 2 == 0 ? "/counter.sh" : "/counter"), "add", "1"));
        }
        for (Process process : all) {
            Ran ran = ended(process);
            assertThat(ran.err()).isEmpty();
            sums.add(ran.out().strip());
        }
        assertThat(sums)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 112)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(place.daemons()).hasSize(1);
    }

    /** Whoever can write where the front lies could have it replaced. */
    @Test
    void aFrontOrAStampOfAnotherOriginIsNotUsed() throws Exception {
        Path home = install("app");
        String program = home + "/counter.sh";
        inJvm("2\n", program, "add", "2");
        Path archives = Path.of(directory + "/cache/auto-daemon" + program + JAVA);
        Path stamp = archives.resolve("front.stamp");
        Files.setPosixFilePermissions(stamp, PosixFilePermissions.fromString("rw--w----"));
        inJvm("2\n", program, "get");
        Path front = archives.resolve("front");
        Files.setAttribute(front, "unix:mode", 0700);
        inJvm("2\n", program, "get");
        // It has been written anew.
        assertThat((int) Files.getAttribute(front, "unix:mode") & 07777).isEqualTo(01500);
        Files.writeString(stamp, Files.readString(stamp).replace("autodaemon-stamp 1", "autodaemon-stamp 2"));
        inJvm("2\n", program, "get");
        inFront("2\n", program, "get");
    }
}
