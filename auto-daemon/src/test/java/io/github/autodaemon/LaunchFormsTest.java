package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.daemon.DaemonMain;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** However a program was started, its daemon finds the same classes. */
@Timeout(120)
class LaunchFormsTest {
    private static final String LIBRARY = TallyProgram.library().toString();
    private static final String GSON = TallyProgram.gson().toString();

    @TempDir
    static Path shared;

    private static TallyProgram plain;
    private static TallyProgram module;

    @RegisterExtension
    final Scratch scratch = new Scratch();

    @BeforeAll
    static void compile() throws Exception {
        plain = TallyProgram.compile(shared.resolve("plain"));
        module = TallyProgram.module(shared.resolve("module"), false, TallyProgram.OPENS);
    }

    /** Runs the program twice; the second run finds the daemon of the first. */
    private List<String> daemonOf(Path workingDirectory, Map<String, String> environment, String... java)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(TallyProgram.java().toString()));
        command.addAll(List.of(java));
        command.add(scratch.socket().toString());
        TallyProgram.Ran first = TallyProgram.run(workingDirectory, environment, command);
        assertThat(first.out()).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
        String pid = first.out().substring(0, first.out().indexOf(' '));
        TallyProgram.Ran second = TallyProgram.run(workingDirectory, environment, command);
        assertThat(second.out()).isEqualTo(pid + " 8\nPoint[x=2, y=1]\n");

        assertThat(Files.readSymbolicLink(Path.of("/proc", pid, "cwd"))).isEqualTo(Path.of("/"));
        List<String> daemon =
                List.of(Files.readString(Path.of("/proc", pid, "cmdline")).split("\0", -1));
        // What ps shows at the end: the name and the socket.
        assertThat(daemon).endsWith("tally", scratch.socket().toString(), "");
        return daemon;
    }

    private List<String> daemonOf(String... java) throws Exception {
        return daemonOf(scratch.directory(), Map.of(), java);
    }

    @Test
    void aClassPath() throws Exception {
        assertThat(daemonOf("-cp", plain.classes() + ":" + LIBRARY + ":" + GSON, TallyProgram.MAIN))
                .contains(DaemonMain.class.getName());
    }

    @Test
    void aClassPathOfTheEnvironment() throws Exception {
        String path = plain.classes() + ":" + LIBRARY + ":" + GSON;
        daemonOf(scratch.directory(), Map.of("CLASSPATH", path), TallyProgram.MAIN);
    }

    @Test
    void aRelativeClassPath() throws Exception {
        plain.jar(scratch.directory().resolve("lib/tally.jar"));
        Files.copy(TallyProgram.gson(), scratch.directory().resolve("lib/gson.jar"));
        TallyProgram.jar(scratch.directory().resolve("lib/auto-daemon.jar"), TallyProgram.library());
        daemonOf("-cp", "lib/*", TallyProgram.MAIN);
    }

    @Test
    void noClassPathMeansTheWorkingDirectory() throws Exception {
        Path classes = scratch.directory().resolve("classes");
        for (Path part : List.of(plain.classes(), TallyProgram.library(), TallyProgram.gson())) {
            TallyProgram.unpack(part, classes);
        }
        daemonOf(classes, Map.of("CLASSPATH", ""), TallyProgram.MAIN);
    }

    @Test
    void aThinJarWithAClassPathInItsManifest() throws Exception {
        Path directory = scratch.directory();
        Files.createDirectory(directory.resolve("lib"));
        Files.copy(TallyProgram.gson(), directory.resolve("lib/gson.jar"));
        TallyProgram.jar(directory.resolve("lib/auto-daemon.jar"), TallyProgram.library());
        TallyProgram.jar(
                directory.resolve("tally.jar"),
                plain.classes(),
                "Main-Class: " + TallyProgram.MAIN,
                "Class-Path: lib/auto-daemon.jar lib/gson.jar");
        daemonOf("-jar", "tally.jar");
    }

    /** The JDK's loader passes over what it cannot use; what looks odd may be a jar all the same. */
    @Test
    void aManifestWithElementsThatAreNoFiles() throws Exception {
        Path directory = scratch.directory();
        Files.createDirectory(directory.resolve("lib"));
        Files.copy(TallyProgram.gson(), directory.resolve("lib/g[1] {s}+n.jar"));
        TallyProgram.jar(directory.resolve("lib/auto-daemon.jar"), TallyProgram.library());
        TallyProgram.jar(
                directory.resolve("tally.jar"),
                plain.classes(),
                "Main-Class: " + TallyProgram.MAIN,
                "Class-Path: http://localhost:1/a.jar mailto:a@b",
                "  file://elsewhere/b.jar ^`|.jar",
                "  lib/auto-daemon.jar lib/g[1]%20{s}+n.jar");
        daemonOf("-jar", "tally.jar");
    }

    /** What {@code "$CLASSPATH:a.jar"} means where nothing is set is no reason to look through the working directory. */
    @Test
    void anEmptyElementInTheClassPath() throws Exception {
        String path = ":" + plain.classes() + "::" + LIBRARY + ":" + GSON + ":";
        List<String> pids = new ArrayList<>();
        for (String place : List.of("one", "other")) {
            Path directory = Files.createDirectory(scratch.directory().resolve(place));
            Files.writeString(directory.resolve("Some.class"), place);
            String out = TallyProgram.run(
                            directory,
                            Map.of(),
                            List.of(
                                    TallyProgram.java().toString(),
                                    "-cp",
                                    path,
                                    TallyProgram.MAIN,
                                    scratch.socket().toString()))
                    .out();
            assertThat(out).matches("\\d+ [48]\nPoint\\[x=2, y=1]\n");
            pids.add(out.substring(0, out.indexOf(' ')));
        }
        assertThat(pids.get(1)).isEqualTo(pids.get(0));
        assertThat(Files.readString(Path.of("/proc", pids.get(0), "cmdline")))
                .contains("\0" + plain.classes() + ":" + LIBRARY + ":" + GSON + "\0");
    }

    @Test
    void anEmptyElementThatHasTheService() throws Exception {
        assertThat(daemonOf(plain.classes(), Map.of(), "-cp", LIBRARY + ":" + GSON + ":", TallyProgram.MAIN))
                .contains(LIBRARY + ":" + GSON + ":" + plain.classes().toRealPath() + "/.");
    }

    /** No argument may have 128 KiB. */
    @Test
    void aClassPathWithoutRoomOnTheCommandLine() throws Exception {
        Path odd = Files.createDirectory(scratch.directory().resolve("a \"b\" \\ 'c' # @d\te"));
        Path library = TallyProgram.jar(odd.resolve("auto-daemon.jar"), TallyProgram.library());
        StringBuilder path = new StringBuilder(plain.classes().toString());
        // In few elements, so that nobody has to look at thousands of files that are not there.
        while (path.length() < 128 * 1024) {
            path.append(':').append(odd).append(("/" + "x".repeat(200)).repeat(15));
        }
        path.append(':').append(library).append(':').append(GSON);
        Path arguments = scratch.directory().resolve("arguments");
        Files.writeString(
                arguments, "-cp \"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        assertThat(daemonOf("@" + arguments, TallyProgram.MAIN))
                .contains("@" + scratch.socket().toRealPath() + ".arguments")
                .doesNotContain("-cp");
        assertThat(scratch.directory().resolve("s.arguments")).doesNotExist();
    }

    @Test
    void aFatJar() throws Exception {
        Path all = scratch.directory().resolve("all");
        for (Path part : List.of(plain.classes(), TallyProgram.library(), TallyProgram.gson())) {
            TallyProgram.unpack(part, all);
        }
        Path jar = scratch.directory().resolve("tally.jar");
        TallyProgram.jar(jar, all, "Main-Class: " + TallyProgram.MAIN);
        assertThat(daemonOf("-jar", jar.toString())).contains("-cp", jar.toString());
    }

    @Test
    void aModulePathOfDirectories() throws Exception {
        String path = module.classes() + ":" + LIBRARY + ":" + GSON;
        assertThat(daemonOf("-p", path, "-m", "tally/" + TallyProgram.MAIN))
                .contains("--add-modules", "tally", "-m", "io.github.autodaemon/" + DaemonMain.class.getName())
                .doesNotContain("-cp");
    }

    @Test
    void aRelativeModulePathOfJars() throws Exception {
        module.jar(scratch.directory().resolve("mods/tally.jar"));
        Files.copy(TallyProgram.gson(), scratch.directory().resolve("mods/gson.jar"));
        TallyProgram.jar(scratch.directory().resolve("mods/auto-daemon.jar"), TallyProgram.library());
        daemonOf("-p", "mods", "-m", "tally/" + TallyProgram.MAIN);
    }

    @Test
    void aProgramOnTheClassPathAndTheLibraryAsAModule() throws Exception {
        daemonOf(
                "-p",
                LIBRARY + ":" + GSON,
                "--add-modules",
                "io.github.autodaemon",
                "-cp",
                plain.classes().toString(),
                TallyProgram.MAIN);
    }

    @Test
    void anAutomaticModule() throws Exception {
        Path jar = plain.jar(scratch.directory().resolve("tally.jar"));
        daemonOf(
                "-p",
                jar + ":" + LIBRARY + ":" + GSON,
                "--add-modules",
                "io.github.autodaemon",
                "-m",
                "tally/" + TallyProgram.MAIN);
    }

    @Test
    void anAutomaticModuleAndTheLibraryOnTheClassPath() throws Exception {
        Path jar = plain.jar(scratch.directory().resolve("tally.jar"));
        daemonOf(
                "-p",
                jar.toString(),
                "--add-modules",
                "jdk.net",
                "-cp",
                LIBRARY + ":" + GSON,
                "-m",
                "tally/" + TallyProgram.MAIN);
    }

    /** What is public in an exported package needs no opens. */
    @Test
    void aModuleThatExportsWhatItServes() throws Exception {
        TallyProgram exported = TallyProgram.module(scratch.directory().resolve("m"), true, "exports tally;");
        String path = exported.classes() + ":" + LIBRARY + ":" + GSON;
        daemonOf("-p", path, "-m", "tally/" + TallyProgram.MAIN);
    }

    private String refused(boolean visible, String... lines) throws Exception {
        TallyProgram closed = TallyProgram.module(scratch.directory().resolve("m"), visible, lines);
        return TallyProgram.run(
                        scratch.directory(),
                        Map.of(),
                        List.of(
                                TallyProgram.java().toString(),
                                "-p",
                                closed.classes() + ":" + LIBRARY + ":" + GSON,
                                "-m",
                                "tally/" + TallyProgram.MAIN,
                                scratch.socket().toString()))
                .out();
    }

    @Test
    void aModuleThatKeepsItsServiceToItself() throws Exception {
        assertThat(refused(true))
                .startsWith("connect: ")
                .contains(
                        "the module tally does not let the daemon use tally.TallyService; add"
                                + " \"opens tally to io.github.autodaemon;\" to its module-info.java",
                        "(exit code 1)");
    }

    @Test
    void aModuleThatKeepsItsInterfaceToItself() throws Exception {
        assertThat(refused(false, "exports tally;")).contains("\"opens tally to io.github.autodaemon;\"");
    }

    /** What lets the daemon in lets it see the records, too; Gson does not come to them. */
    @Test
    void aModuleThatOpensItselfToTheLibraryOnly() throws Exception {
        assertThat(refused(false, "opens tally to io.github.autodaemon;")).contains("Point[x=2, y=1]");
    }
}
