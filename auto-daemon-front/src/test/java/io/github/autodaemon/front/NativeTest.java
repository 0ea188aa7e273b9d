package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.autodaemon.front.Desk.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The front with settings, which finds its stamp and its script by itself. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
        value = Build.class,
        names = {"COMMITTED", "SANITIZED"})
class NativeTest {
    private static final String MARKER = "AUTODAEMON-FRONT-SETTINGS-V1:";

    @Parameter
    Build build;

    @RegisterExtension
    final Desk desk = new Desk();

    private Path program;

    @BeforeEach
    void fill() throws Exception {
        Desk unused = desk.with(build);
        program = desk.path("bin/todo");
        fill("script ../tool\noption --global\noption --socket=\noption -s=\ncold help\ncold --version\n");
    }

    private void fill(String settings) throws Exception {
        byte[] bytes = Files.readAllBytes(build.file());
        String text = new String(bytes, ISO_8859_1);
        int at = text.indexOf(MARKER);
        assertThat(text.indexOf(MARKER, at + 1)).isNegative();
        byte[] lines = settings.getBytes(ISO_8859_1);
        System.arraycopy(lines, 0, bytes, at + MARKER.length(), lines.length);
        Files.deleteIfExists(program);
        Files.write(program, bytes);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ProcessBuilder command(String... args) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = desk.process(command);
        builder.environment().put("XDG_CACHE_HOME", desk.path("cache") + "/");
        return builder;
    }

    /** A stamp there, with this key. */
    private void stamp(String cache, String java, String key) throws Exception {
        Path directory = Path.of(cache + "/auto-daemon/" + desk.directory() + "/bin/../tool/" + java);
        Files.createDirectories(desk.path("cache/auto-daemon" + desk.directory() + "/bin"));
        Files.createDirectories(Path.of(cache + "/auto-daemon" + desk.directory() + "/bin"));
        Files.createDirectories(directory);
        desk.writeStamp();
        Files.move(desk.stamp(), directory.resolve("front" + key + ".stamp"));
    }

    private JsonObject warm(ProcessBuilder builder) throws Exception {
        Running running = Desk.start(builder);
        JsonObject command;
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            command = front.command();
            front.accepted();
            front.exit(5);
        }
        assertThat(running.code()).isEqualTo(5);
        return command;
    }

    private void cold(ProcessBuilder builder, String... args) throws Exception {
        Running running = Desk.start(builder);
        assertThat(running.code()).as(running.err()).isEqualTo(Desk.COLD);
        StringBuilder shown = new StringBuilder("cold cold " + args.length + "\n");
        for (String arg : args.length == 0 ? new String[] {""} : args) {
            shown.append('<').append(arg).append(">\n");
        }
        assertThat(running.out()).isEqualTo(shown.toString());
    }

    @Test
    void findsItsStamp() throws Exception {
        stamp(desk.path("cache").toString(), "java", "");
        JsonObject command = warm(command("add", "x y"));
        assertThat(command.get("args")).hasToString("[\"add\",\"x y\"]");
        assertThat(command.get("name").getAsString()).isEqualTo("todo");
        cold(command("help"), "help");
        cold(command("a", "--version", "b"), "a", "--version", "b");
        assertThat(warm(command("--", "help")).get("args")).hasToString("[\"--\",\"help\"]");
    }

    @Test
    void throughALink() throws Exception {
        stamp(desk.path("cache").toString(), "java", "");
        Files.createSymbolicLink(desk.path("link"), program);
        ProcessBuilder builder = command();
        builder.command().set(0, desk.path("link").toString());
        assertThat(warm(builder).get("name").getAsString()).isEqualTo("link");
    }

    @Test
    void descriptorSevenIsTheUsers() throws Exception {
        stamp(desk.path("cache").toString(), "java", "");
        ProcessBuilder builder = command();
        builder.command().addAll(0, List.of("/bin/sh", "-c", "exec 7</dev/null; \"$@\"; cat <&7 && echo open", "sh"));
        Running running = Desk.start(builder);
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.exit(0);
        }
        assertThat(running.out()).isEqualTo("open\n");
    }

    @Test
    void inTheHomeDirectory() throws Exception {
        stamp(desk.path("home/.cache").toString(), "java", "");
        ProcessBuilder builder = command();
        builder.environment().remove("XDG_CACHE_HOME");
        builder.environment().put("HOME", desk.path("home").toString());
        assertThat(warm(builder)).isNotNull();
        builder.environment().put("XDG_CACHE_HOME", "");
        assertThat(warm(builder)).isNotNull();
        builder.environment().put("HOME", "home");
        cold(builder);
        builder.environment().remove("HOME");
        cold(builder);
    }

    @Test
    void withAJavaHome() throws Exception {
        stamp(desk.path("cache").toString(), desk.directory() + "/bin/java", "");
        ProcessBuilder builder = command();
        cold(builder);
        builder.environment().put("JAVA_HOME", desk.directory().toString());
        assertThat(warm(builder)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--global|,--global",
                "--global add|,--global",
                "add --global|,add,--global",
                "--socket=/a/b x|,--socket=%a%b",
                "--socket /a/b x|,--socket,%a%b",
                "-s /a x -s=/b y|,-s,%a,x,-s=%b",
                "--global -- --global|,--global",
                "-s/a|''",
                "--sock=/a|''"
            })
    void keys(String args, String key) throws Exception {
        stamp(desk.path("cache").toString(), "java", key);
        assertThat(warm(command(args.split(" ")))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--socket=a",
                "--socket a",
                "--socket=",
                "--socket",
                "--socket -- /a",
                "a,b --global",
                "a% --global",
                "a\nb --global",
                "--socket=/a,b",
                "--global help",
                "other"
            })
    void noKey(String text) throws Exception {
        stamp(desk.path("cache").toString(), "java", ",--global");
        String[] args = text.split(" ");
        cold(command(args), args);
    }

    @Test
    void aLongKey() throws Exception {
        String longest = "/" + "x".repeat(200 - ",--socket=/".length());
        stamp(desk.path("cache").toString(), "java", ",--socket=" + longest.replace('/', '%'));
        assertThat(warm(command("--socket=" + longest))).isNotNull();
        cold(command("--socket=" + longest + "x"), "--socket=" + longest + "x");
        String far = "--socket=/" + "x".repeat(100_000);
        cold(command(far), far);
    }

    @Test
    void anAbsoluteScript() throws Exception {
        fill("script " + desk.directory() + "/bin/../tool\n");
        stamp(desk.path("cache").toString(), "java", "");
        assertThat(warm(command("help"))).isNotNull();
    }

    @Test
    void damagedSettings() throws Exception {
        for (String settings : new String[] {"x", "script", "option --global\n", "Script /bin/true\n"}) {
            fill(settings);
            Running running = Desk.start(command());
            assertThat(running.code()).isEqualTo(126);
            assertThat(running.err()).isEqualTo("todo: the start script is not known\n");
        }
    }

    @Test
    void noScript() throws Exception {
        fill("script nothing\n");
        Running running = Desk.start(command());
        assertThat(running.code()).isEqualTo(127);
        assertThat(running.err())
                .isEqualTo("todo: cannot run " + desk.directory() + "/bin/nothing: No such file or directory\n");
    }

    @Test
    void manySettings() throws Exception {
        char[] much = new char[3000];
        Arrays.fill(much, 'x');
        fill("script ../tool\ncold " + new String(much) + "\noption --last=\n");
        stamp(desk.path("cache").toString(), "java", ",--last=%a");
        assertThat(warm(command("--last=/a"))).isNotNull();
    }
}
