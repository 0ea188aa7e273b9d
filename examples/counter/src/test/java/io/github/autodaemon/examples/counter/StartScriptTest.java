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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A start script, with the archives that its daemon makes, whole and damaged. */
@Timeout(600)
class StartScriptTest {
    private static final String SCRIPT = "io.github.autodaemon.internal.startup.StartScript";
    private static final byte[] NOTHING = {};

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");
    private Path script = directory;

    record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void create() throws Exception {
        directory = place.directory();
        Files.createDirectory(directory.resolve("lib"));
        Files.createDirectory(directory.resolve("run"));
        Jars.write(SharingCommand.class, directory.resolve("lib/test.jar"));
        Jars.write(CounterCommand.class, directory.resolve("lib/counter.jar"));
        Jars.write(AutoDaemon.class, directory.resolve("lib/auto-daemon.jar"));
        Jars.write(Gson.class, directory.resolve("lib/gson.jar"));
        script = write("it's a counter", SharingCommand.class, "--subcommand", "alone", "--subcommand", "again");
    }

    private Path write(String name, Class<?> main, String... options) throws Exception {
        Path written = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of(java(), "-cp", System.getProperty("java.class.path"), SCRIPT));
        command.addAll(List.of("--main", main.getName(), "--alone", "--out", written.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("lib/test.jar", "lib/counter.jar", "lib/auto-daemon.jar", "lib/gson.jar"));
        assertThat(run(command.toArray(String[]::new))).isEqualTo(new Ran(0, "", ""));
        return written;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Path socket() {
        return directory.resolve("run/s");
    }

    private Ran run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, err);
    }

    private Ran counter(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString(), "--socket", socket().toString()));
        command.addAll(List.of(args));
        return run(command.toArray(String[]::new));
    }

    private Path archives() {
        return archives(script);
    }

    private Path archives(Path script) {
        return Path.of(directory + "/cache/auto-daemon" + script + java());
    }

    /** The file of the daemon's archive. */
    private Path daemons() throws IOException {
        while (true) {
            try (Stream<Path> files = Files.list(archives())) {
                List<Path> seals = files.filter(
                                file -> file.toString().endsWith(".seal") && !file.endsWith("command.seal"))
                        .toList();
                if (!seals.isEmpty()) {
                    return Path.of(seals.get(0).toString().replace(".seal", ".jsa"));
                }
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void await(Path file) {
        while (!Files.exists(file)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void damage(byte[] content) throws IOException {
        Files.delete(archives().resolve("command.jsa"));
        Files.write(archives().resolve("command.jsa"), content);
    }

    private void restore(byte[] content) throws IOException {
        damage(content);
        Files.deleteIfExists(archives().resolve("command.seal"));
        Files.write(archives().resolve("command.seal"), NOTHING);
        FileTime longAgo = FileTime.fromMillis(946_684_800_000L);
        Files.setAttribute(archives().resolve("command.jsa"), "unix:mode", 01400);
        Files.setLastModifiedTime(archives().resolve("command.jsa"), longAgo);
        Files.setLastModifiedTime(archives().resolve("command.seal"), longAgo);
    }

    @Test
    void archivesAreMadeAndUsedAndADamagedOneCostsOnlyTime() throws Exception {
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "1\n", "none"));
        await(archives().resolve("command.seal"));
        Path daemons = daemons();
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "2\n", "taken"));

        assertThat(counter("close").exitCode()).isZero();
        assertThat(counter("add", "7")).isEqualTo(new Ran(0, "7\n", "taken"));
        long pid = AutoDaemon.of(Counter.class, CounterService.class)
                .socket(socket())
                .build()
                .status()
                .orElseThrow()
                .pid();
        assertThat(Files.readString(Path.of("/proc/" + pid + "/maps"))).contains(daemons.toString());

        byte[] whole = Files.readAllBytes(archives().resolve("command.jsa"));
        // This one's daemon, which was started without the script, makes no other archive meanwhile.
        assertThat(counter("close").exitCode()).isZero();
        String jars = String.join(
                ":",
                directory + "/lib/test.jar",
                directory + "/lib/counter.jar",
                directory + "/lib/auto-daemon.jar",
                directory + "/lib/gson.jar");
        String main = SharingCommand.class.getName();
        assertThat(run(java(), "-cp", jars, main, "--socket", socket().toString(), "add", "7"))
                .isEqualTo(new Ran(0, "7\n", "none"));
        damage(Arrays.copyOf(whole, whole.length / 2));
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "8\n", "none"));
        byte[] altered = whole.clone();
        for (int i = 1 << 16; i < altered.length; i += 1009) {
            altered[i] ^= 0x55;
        }
        damage(altered);
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "9\n", "none"));
        damage(NOTHING);
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "10\n", "none"));
        restore(whole);
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "11\n", "taken"));
        Files.delete(archives().resolve("command.seal"));
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "12\n", "none"));
        restore("not an archive at all".getBytes(StandardCharsets.US_ASCII));
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "13\n", "refused"));
        // The command that met it has broken the seal.
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "14\n", "none"));

        restore(whole);
        Files.delete(directory.resolve("lib/test.jar"));
        Jars.write(SharingCommand.class, directory.resolve("lib/test.jar"));
        Files.setLastModifiedTime(directory.resolve("lib/test.jar"), FileTime.fromMillis(1_700_000_000_000L));
        Ran replaced = counter("add", "1");
        assertThat(replaced.exitCode()).isZero();
        assertThat(replaced.out()).isEqualTo("1\n");
        assertThat(replaced.err())
                .startsWith("refusedauto-daemon: replaced the daemon at " + socket())
                .contains("classPath: " + directory.resolve("lib/test.jar"));
        // Out of the list that the first of those without an archive has left; or, if the daemon before has used that
        // up, of the
        // next one's.
        while (!Files.exists(archives().resolve("command.seal"))) {
            assertThat(counter("add", "0").out()).isEqualTo("1\n");
        }
        assertThat(counter("add", "1")).isEqualTo(new Ran(0, "2\n", "taken"));
    }

    /** Nobody's daemon makes this one: the command fails before it connects. */
    @Test
    void aCommandWithoutADaemonHasItsArchiveMadeInTheBackground() throws Exception {
        assertThat(run(script.toString(), "alone").err()).startsWith("nonecounter: there is no command \"alone\"");
        await(archives().resolve("command-alone.seal"));
        assertThat(run(script.toString(), "alone").err()).startsWith("takencounter: there is no command \"alone\"");
        assertThat(run(script.toString(), "other").err()).startsWith("none");
        await(archives().resolve("command.seal"));
        assertThat(run(script.toString(), "again").err()).startsWith("none");
        await(archives().resolve("command-again.seal"));
        // None is made at the cost of another.
        assertThat(archives().resolve("command-alone.seal")).exists();
        assertThat(archives().resolve("command.seal")).exists();
    }

    /** JDK-8273508: up to 17 an archive's objects are for G1 alone. */
    @Test
    void theCollectorIsTheOneThatTakesTheObjectsOfTheArchive() throws Exception {
        String serial = "Copy\nMarkSweepCompact\n";
        String usual = Runtime.version().feature() < 18 ? "G1 Young Generation\nG1 Old Generation\n" : serial;
        script = write("collector", CollectorCommand.class);
        assertThat(run(script.toString())).isEqualTo(new Ran(0, serial, ""));
        Path seal = archives().resolve("command.seal");
        await(seal);
        assertThat(run(script.toString())).isEqualTo(new Ran(0, usual, ""));
        // The name of one is all that is believed.
        Path proof = directory.resolve("proof");
        FileTime sealed = Files.getLastModifiedTime(seal);
        Files.writeString(
                seal, "G1 -XX:+UseZGC -XX:OnOutOfMemoryError=touch${IFS}" + proof + "; touch " + proof + "\n");
        Files.setLastModifiedTime(seal, sealed);
        assertThat(run(script.toString())).isEqualTo(new Ran(0, serial, ""));
        assertThat(proof).doesNotExist();

        String own = "PS MarkSweep\nPS Scavenge\n";
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            String named = variable + "=-XX:+UseParallelGC";
            assertThat(run("env", named, script.toString()).out()).as(named).isEqualTo(own);
        }
        Path parallel = write("parallel", CollectorCommand.class, "--jvm-option", "-XX:+UseParallelGC");
        assertThat(run(parallel.toString())).isEqualTo(new Ran(0, own, ""));
        await(archives(parallel).resolve("command.seal"));
        assertThat(run(parallel.toString())).isEqualTo(new Ran(0, own, ""));
    }

    @Test
    void theScriptsOfThisRepositoryAreWrittenByIt() throws Exception {
        Path root = Path.of("../..").toRealPath();
        for (String name : List.of("counter", "notes", "autod")) {
            List<String> command =
                    new ArrayList<>(List.of(java(), "-cp", System.getProperty("java.class.path"), SCRIPT));
            try (Stream<String> lines = Files.lines(root.resolve("examples/launch/" + name + ".args"))) {
                lines.forEach(command::add);
            }
            Ran written = run(command.toArray(String[]::new));
            assertThat(written).isEqualTo(new Ran(0, Files.readString(root.resolve(name)), ""));
        }
    }

    private String mistake(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(java(), "-cp", System.getProperty("java.class.path"), SCRIPT));
        command.addAll(List.of(args));
        Ran ran = run(command.toArray(String[]::new));
        assertThat(ran.exitCode()).isEqualTo(2);
        return ran.err().substring("StartScript: ".length(), ran.err().indexOf("\nusage: "));
    }

    /** The shell names it; this JVM may be one that cannot. */
    @Test
    void aPathThatIsNotAscii() throws Exception {
        for (String locale : List.of("LANG=C", "LC_ALL=POSIX", "EMPTY=")) {
            String words =
                    "d=$1/$(printf '\\303\\266'); mkdir -p \"$d/lib\" && cp \"$1\"/lib/* \"$d/lib\" && cp \"$2\" \"$d/run\" &&"
                            + " exec env -i PATH=\"$PATH\" HOME=\"$1\" JAVA_HOME=\"$JAVA_HOME\" " + locale
                            + " \"$d/run\" --socket \"$3\" add 1";
            Ran ran = run("sh", "-c", words, "sh", directory.toString(), script.toString(), socket() + locale);
            assertThat(ran).as(locale).isEqualTo(new Ran(0, "1\n", "none"));
        }
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        Ran wrong = run(java(), "-cp", System.getProperty("java.class.path"), SCRIPT, "--main", "a.B");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("StartScript: the jars are missing\nusage: ");
        Ran helped = run(java(), "-cp", System.getProperty("java.class.path"), SCRIPT, "--help");
        assertThat(helped.exitCode()).isZero();
        assertThat(helped.out()).startsWith("usage: java -cp auto-daemon.jar " + SCRIPT + " --main CLASS");
        Path app = directory.resolve("app");
        assertThat(mistake("--main", "Main", "--out", app.toString(), "lib/tset.jar"))
                .isEqualTo("there is no " + directory.resolve("lib/tset.jar"));
        assertThat(mistake("--main", "Mian", "--out", app.toString(), "lib/test.jar", "lib/gson.jar"))
                .isEqualTo("the main class Mian is in none of the jars");
        assertThat(mistake("--main", "Main", "--out", app.toString(), script.toString()))
                .startsWith("the jars cannot be read: java.io.IOException: " + script + " is no jar: ");
        assertThat(mistake("--main", "Main", "a:b.jar")).isEqualTo("a class path is split at colons: a:b.jar");
        assertThat(mistake("--main", "Main", "--subcommand", "a/b", "a.jar"))
                .isEqualTo("a subcommand cannot be named \"a/b\"; a file is named after it");
        assertThat(mistake("a.jar", "--main")).isEqualTo("--main needs a value");
        List<String> many = new ArrayList<>(List.of("--main", "Main"));
        many.addAll(Collections.nCopies(1400, "lib/" + "x".repeat(90) + ".jar"));
        assertThat(mistake(many.toArray(String[]::new)))
                .startsWith("the class path has ")
                .endsWith("put the jars into one directory, and name that, as in lib/*");
        assertThat(app).doesNotExist();
        String nowhere = directory.resolve("nowhere/app").toString();
        Ran unwritten = run(
                java(), "-cp", System.getProperty("java.class.path"), SCRIPT, "--main", "B", "--out", nowhere, "b.jar");
        assertThat(unwritten.exitCode()).isEqualTo(1);
        assertThat(unwritten.err())
                .startsWith("StartScript: the script cannot be written to " + nowhere + ": ")
                .doesNotContain("\tat ");
    }
}
