package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Scratch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are not ASCII: they work, or the error says what to set. In the C locale a JVM cannot write them. */
@Timeout(60)
class LocaleTest {
    private static final String ASCII = "LC_ALL=C; export LC_ALL; ";
    private static final String UTF_8 = "LC_ALL=C.UTF-8; export LC_ALL; ";

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** The tests' own JVM may be one that cannot name it; shells do not care. */
    @BeforeEach
    void directoryWithAName() throws Exception {
        shell("mkdir -m 700 \"$dir\" && ln -s \"$dir\" link");
    }

    private String shell(String script) throws Exception {
        String dir = "cd '" + scratch.directory() + "'; dir=$PWD/$(printf 'z\\303\\244hler'); ";
        return Scratch.output(scratch.client(dir + script));
    }

    /** Runs a client whose place is an expression of the shell's. */
    private String client(String locale, String place, String word) throws Exception {
        return shell(locale + "exec \"$1\" \"$2\" \"$3\" \"$4\" \"$5\" \"$6\" " + place + " " + word);
    }

    @Test
    void aNameMeansTheSameDaemonInBothLocales() throws Exception {
        // An escape sequence, since an argument does not survive the C locale.
        String in = "XDG_RUNTIME_DIR=" + scratch.directory() + "; export XDG_RUNTIME_DIR; ";
        String started = client(in + ASCII, "'z\\344hler'", "name");
        assertThat(started).startsWith("pid ");
        assertThat(client(in + UTF_8, "'z\\344hler'", "name")).isEqualTo(started);
    }

    @Test
    void aSocketPathInUtf8() throws Exception {
        String started = client(UTF_8, "\"$dir/s\"", "show");
        assertThat(started).startsWith("pid ");
        assertThat(client(UTF_8, "link/s", "show")).isEqualTo(started);
        String pid = started.substring("pid ".length()).strip();
        assertThat(Files.readString(Path.of("/proc", pid, "cmdline"), StandardCharsets.UTF_8))
                .contains("/z\u00e4hler/s");
    }

    @Test
    void aSocketPathThatIsNotAsciiInTheCLocale() throws Exception {
        assertThat(client(ASCII, "link/s", "show"))
                .startsWith("UnreachableException: the path " + scratch.directory() + "/z")
                .contains("cannot be used by a JVM whose encoding is ANSI_X3.4-1968; run it with LC_ALL=C.UTF-8");
    }

    @Test
    void aRuntimeDirectoryThatIsNotAsciiInTheCLocale() throws Exception {
        assertThat(client("XDG_RUNTIME_DIR=$dir; export XDG_RUNTIME_DIR; " + ASCII, "plain", "name"))
                .startsWith("UnreachableException: the path " + scratch.directory() + "/z")
                .contains("run it with LC_ALL=C.UTF-8");
    }

    /** Its socket and its jars have such names. */
    @ParameterizedTest
    @ValueSource(strings = {"bare=1", "locale=C", "locale=POSIX", "locale="})
    void aDaemonThatIsGivenAnEnvironmentWithoutALocale(String given) throws Exception {
        String library = TallyProgram.library().toString();
        String jars = "ln -s '" + library + "' \"$dir/library\"; path=$(printf %s \"$5\" | sed \"s|" + library
                + "|$dir/library|\"); ";
        String started =
                shell(jars + UTF_8 + "exec \"$1\" \"$2\" \"$3\" \"$4\" \"$path\" \"$6\" \"$dir/s\" " + given + " show");
        assertThat(started).startsWith("pid ");
        String pid = started.substring("pid ".length()).strip();
        assertThat(Files.readString(Path.of("/proc", pid, "cmdline"))).contains("/z\u00e4hler/library");
    }

    /** A client in UTF-8 whose daemon is given a locale that the system does not have. */
    @Test
    void aDaemonThatCannotNameItsSocket() throws Exception {
        assertThat(client(UTF_8, "\"$dir/s\" locale=xx_XX.nowhere", "show"))
                .startsWith("StartFailedException: the daemon at " + scratch.directory() + "/z")
                .contains("could not be started", "run it with LC_ALL=C.UTF-8 in its environment");
    }
}
