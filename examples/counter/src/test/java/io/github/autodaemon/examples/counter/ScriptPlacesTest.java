package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a start script may lie, and what it takes from places that others can change: its class path and its archives. Its
 * JVM is a script that shows what it is given.
 */
@Timeout(60)
class ScriptPlacesTest {
    private static final String SCRIPT = "io.github.autodaemon.internal.startup.StartScript";
    private static final int STRANGER = 54321;
    private static final FileTime LONG_AGO = FileTime.fromMillis(946_684_800_000L);
    private static final int MARKED = 01400;

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");
    private Path home = directory;
    private Path java = directory;

    record Ran(int exitCode, String out) {}

    @BeforeEach
    void create() throws Exception {
        directory = place.directory();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = Files.createDirectory(directory.resolve("home"));
        Path bin = Files.createDirectories(directory.resolve("jdk/bin"));
        java = bin.resolve("java");
        // What it is told; and the archive, after its name has been given to another file.
        Files.writeString(java, """
                #!/bin/sh
                printf '%s\\n' "$@" "$LC_ALL" "$LC_CTYPE"
                if [ -n "$SWAP" ]; then
                  mv "$SWAP.other" "$SWAP"
                  cat /proc/self/fd/7
                fi
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path write(Path script, String... jars) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SCRIPT,
                "--main",
                "Main"));
        command.addAll(jars.length == 0 ? List.of("lib/a.jar") : List.of(jars));
        Process process = new ProcessBuilder(command).start();
        byte[] text = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        Files.write(script, text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private Path script() throws Exception {
        return write(Files.createDirectory(directory.resolve("app")).resolve("run"));
    }

    private Ran run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(home.toFile());
        builder.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "LC_ALL", "LC_CTYPE", "LANG"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out);
    }

    private Ran run(String... command) throws Exception {
        return run(Map.of(), command);
    }

    private static void weAreTheSuperuser() throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need the superuser");
            }
            abort("only the superuser can be another user");
        }
    }

    private Path archives(Path cache, Path script) {
        return Path.of(cache + "/auto-daemon" + script + java);
    }

    /** As the maker leaves it. */
    private static void seal(Path archives, String content) throws IOException {
        Path archive = archives.resolve("command.jsa");
        Files.deleteIfExists(archive);
        Files.writeString(archive, content);
        Files.setAttribute(archive, "unix:mode", MARKED);
        Files.writeString(archives.resolve("command.seal"), "SERIAL\n");
        Files.setLastModifiedTime(archive, LONG_AGO);
        Files.setLastModifiedTime(archives.resolve("command.seal"), LONG_AGO);
    }

    private Path sealed(Path script) throws Exception {
        Path archives = archives(home.resolve(".cache"), script);
        assertThat(run(script.toString()).out()).contains("-XX:DumpLoadedClassList=" + archives + "/command.classes\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".cache/auto-daemon"))))
                .isEqualTo("rwx------");
        seal(archives, "the archive");
        assertThat(run(script.toString()).out()).contains("-XX:SharedArchiveFile=/proc/self/fd/7\n");
        return archives;
    }

    private static List<Path> below(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            return all.toList();
        }
    }

    @Test
    void whatTheJvmMapsIsWhatTheScriptHasLookedAt() throws Exception {
        Path script = script();
        Path archive = sealed(script).resolve("command.jsa");
        Files.writeString(archive.resolveSibling("command.jsa.other"), "another file");
        assertThat(run(Map.of("SWAP", archive.toString()), script.toString()).out())
                .contains("-XX:SharedArchiveFile=/proc/self/fd/7\n")
                .endsWith("the archive");
        assertThat(archive).hasContent("another file");
    }

    /** It has all but the mark: some file of this user's that somebody else has put there, or a link to it. */
    @Test
    void aFileOfThisUsersThatIsNoArchiveIsNotUsed() throws Exception {
        Path script = script();
        Path archives = sealed(script);
        Path archive = archives.resolve("command.jsa");
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("r--------"));
        assertThat(run(script.toString()).out()).doesNotContain("-XX:SharedArchiveFile=");
        Files.delete(archive);
        assertThat(run("mkfifo", archive.toString()).exitCode()).isZero();
        assertThat(run(script.toString()).out()).doesNotContain("-XX:SharedArchiveFile=");
    }

    /** A descriptor of the caller's is the caller's. */
    @Test
    void aDescriptorThatIsOpenIsLeftAsItIs() throws Exception {
        Path script = script();
        Path archives = sealed(script);
        Files.delete(archives.resolve("command.seal"));
        Ran ran = run("sh", "-c", "\"$0\" 7</dev/null", script.toString());
        assertThat(ran.out()).doesNotContain("-XX:SharedArchiveFile=").doesNotContain("DumpLoadedClassList");
    }

    /** Another user's, or one that others may write to: nothing is used, nothing is listed, nothing is made. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "chown S $home",
                "chown S $home/.cache",
                "chown S $home/.cache/auto-daemon",
                "chmod g+w $home",
                "chmod o+w $home",
                "chmod 1777 $home",
                "chmod g+w $home/.cache",
                "chmod g+w $home/.cache/auto-daemon",
                "mv $home $home.real && ln -s $home.real $home",
                "mv $home/.cache $home/real && ln -s real $home/.cache",
                "chown S $top",
                "chmod o+w $top",
                "chmod g+w $top",
            })
    void anUnsafeCacheIsNotUsed(String change) throws Exception {
        weAreTheSuperuser();
        Path script = script();
        Path archives = sealed(script);
        String words = change.replace("S", Integer.toString(STRANGER))
                .replace("$home", home.toString())
                .replace("$top", directory.toString());
        sh(words);
        if (change.contains("home") && !change.startsWith("chmod")) {
            assertThat(run(script.toString()).out()).doesNotContain(home.toString(), "-XX:SharedArchiveFile=");
        }
        // As another user would have it: there is a list, which is a link to nothing.
        Files.delete(archives.resolve("command.jsa"));
        Files.createSymbolicLink(archives.resolve("command.classes"), directory.resolve("precious"));
        usesNothing(script);
        TestDirectory.delete(home.resolve(".cache/auto-daemon").toRealPath());
        if (change.contains("auto-daemon")) {
            Files.createDirectory(home.resolve(".cache/auto-daemon"));
            sh(words);
        }
        usesNothing(script);
    }

    private void sh(String words) throws Exception {
        assertThat(run("sh", "-c", words)).isEqualTo(new Ran(0, ""));
    }

    private void usesNothing(Path script) throws Exception {
        List<Path> before = below(home.toRealPath());
        Ran ran = run(script.toString());
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).doesNotContain(home.toString(), "-XX:SharedArchiveFile=");
        assertThat(below(home.toRealPath())).isEqualTo(before);
        assertThat(directory.resolve("precious")).doesNotExist();
    }

    /** Whoever it is: the directory above is neither theirs nor the superuser's. */
    @Test
    void aCacheOfOnesOwnInAnotherUsersDirectory() throws Exception {
        weAreTheSuperuser();
        Path script = script();
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Path cache = Files.createDirectory(theirs.resolve("cache"));
        Files.setAttribute(cache, "unix:uid", STRANGER + 1);
        String[] command = {
            "setpriv", "--reuid", Integer.toString(STRANGER + 1), "--regid", "1", "--clear-groups", script.toString()
        };
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", cache.toString());
        Files.setAttribute(theirs, "unix:uid", STRANGER);
        assertThat(run(environment, command).out()).doesNotContain(cache.toString(), "-XX:SharedArchiveFile=");
        assertThat(cache).isEmptyDirectory();
        Files.setAttribute(theirs, "unix:uid", 0);
        assertThat(run(environment, command).out()).contains("-XX:DumpLoadedClassList=" + archives(cache, script));
    }

    /** A link above the home directory is the system's; what is used has none. */
    @Test
    void aHomeBehindALink() throws Exception {
        Path script = script();
        Path link = Files.createSymbolicLink(directory.resolve("homes"), directory);
        Ran ran = run(Map.of("HOME", link.resolve("home").toString()), script.toString());
        Path archives = archives(home.resolve(".cache"), script);
        assertThat(ran.out())
                .contains("-XX:DumpLoadedClassList=" + archives + "/command.classes\n")
                .contains("-Dautodaemon.archives=" + home + "/.cache/auto-daemon\n");
        seal(archives, "the archive");
        assertThat(run(Map.of("HOME", link.resolve("home") + "//"), script.toString())
                        .out())
                .contains("-XX:SharedArchiveFile=/proc/self/fd/7\n");
    }

    /** A class list that is a link would have the JVM write to what it names. */
    @Test
    void aClassListThatIsALink() throws Exception {
        Path script = script();
        Path archives = sealed(script);
        Files.delete(archives.resolve("command.jsa"));
        Path classes = archives.resolve("command.classes");
        Files.createSymbolicLink(classes, directory.resolve("nothing"));
        assertThat(run(script.toString()).out()).doesNotContain("DumpLoadedClassList");
        assertThat(Files.exists(classes, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "two words", "-", "-e", "it's", "a\"b", "$HOME`id`", "*", "end\n", "\n\n", "\\n"})
    void whereverItLies(String name) throws Exception {
        Path app = Files.createDirectory(directory.resolve(name));
        Path script = write(app.resolve(name));
        String jar = app.resolve("lib/a.jar") + "\n";
        for (String shell : List.of("", "sh", "bash")) {
            List<String> command = new ArrayList<>(shell.isEmpty() ? List.of() : List.of(shell));
            command.add(script.toString());
            assertThat(run(command.toArray(String[]::new)).out()).as(shell).contains("-cp\n" + jar + "Main\n");
        }
        // By a path that is not absolute, and begins as an option does, with other ways to take it.
        Map<String, String> paths = Map.of("CDPATH", home.toString(), "OLDPWD", home.toString());
        Files.createDirectory(home.resolve(name));
        String[] relative = {"sh", "-c", "cd \"$1\" && exec sh -- \"$2/$2\"", "sh", directory.toString(), name};
        assertThat(run(paths, relative).out()).contains("-cp\n" + jar + "Main\n");
        String[] here = {"sh", "-c", "cd \"$1\" && exec sh -- \"$2\"", "sh", app.toString(), name};
        assertThat(run(paths, here).out()).contains("-cp\n" + jar + "Main\n");
        Path link = Files.createSymbolicLink(home.resolve("link\n"), script);
        assertThat(run(link.toString()).out()).contains("-cp\n" + jar + "Main\n");
    }

    /** A JVM would take what follows for a path of its own, from the working directory. */
    @Test
    void aPathWithAColonIsRefused() throws Exception {
        Path app = Files.createDirectory(directory.resolve("a:b"));
        Path script = write(app.resolve("run"));
        assertThat(run(script.toString()))
                .isEqualTo(new Ran(2, "run: it lies in " + app + ", and a class path is split at colons; move it\n"));
    }

    @Test
    void inTheRootDirectory() throws Exception {
        weAreTheSuperuser();
        Path script = Path.of("/" + directory.getFileName() + "-run");
        try {
            write(script, "lib/a.jar", "b.jar");
            assertThat(run(script.toString()).out()).contains("-cp\n/lib/a.jar:/b.jar\nMain\n");
            String[] relative = {"sh", "-c", "cd / && exec sh \"$0\"", String.valueOf(script.getFileName())};
            assertThat(run(relative).out()).contains("-cp\n/lib/a.jar:/b.jar\nMain\n");
            Path link = Files.createSymbolicLink(home.resolve("link"), script);
            assertThat(run(link.toString()).out()).contains("-cp\n/lib/a.jar:/b.jar\nMain\n");
        } finally {
            Files.delete(script);
        }
    }

    /** Which bash finds on its search path, and which is not in the working directory: nor are its jars. */
    @Test
    void aScriptThatCannotBeFoundIsRefused() throws Exception {
        Path script = script();
        Ran searched = run(Map.of("PATH", script.getParent() + ":" + System.getenv("PATH")), "bash", "run");
        assertThat(searched).isEqualTo(new Ran(2, "run: it is not at ./run; run it by its path\n"));
        Ran read = run("sh", "-c", "exec sh <\"$0\"", script.toString());
        assertThat(read).isEqualTo(new Ran(2, "sh: it is not at ./sh; run it by its path\n"));
    }

    @Test
    void theLocaleIsOneInWhichAFileCanBeNamed() throws Exception {
        String script = script().toString();
        assertThat(run(script).out()).endsWith("\n\nC.UTF-8\n");
        assertThat(run(Map.of("LANG", "C"), script).out()).endsWith("\n\nC.UTF-8\n");
        assertThat(run(Map.of("LC_ALL", "POSIX"), script).out()).endsWith("\nC.UTF-8\nC.UTF-8\n");
        assertThat(run(Map.of("LC_CTYPE", "C", "LANG", "de_DE.UTF-8"), script).out())
                .endsWith("\n\nC.UTF-8\n");
        assertThat(run(Map.of("LANG", "de_DE.UTF-8"), script).out()).endsWith("\n\n\n");
        assertThat(run(Map.of("LC_ALL", "de_DE.ISO-8859-1"), script).out()).endsWith("\nde_DE.ISO-8859-1\n\n");
    }
}
