package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.autodaemon.front.Desk.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A command that the daemon runs: what it is told, and what comes of it. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
        value = Build.class,
        names = {"COMMITTED", "SANITIZED", "BYTEWISE"})
class CommandTest extends WithEachBuild {
    private static List<String> strings(JsonElement array) {
        return ((JsonArray) array)
                .asList().stream().map(JsonElement::getAsString).toList();
    }

    private static Map<String, String> map(JsonElement object) {
        Map<String, String> map = new TreeMap<>();
        ((JsonObject) object)
                .entrySet()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().getAsString()));
        return map;
    }

    /** The command of a front that is started so, which ends then. */
    private JsonObject told(ProcessBuilder builder) throws Exception {
        Running running = Desk.start(builder);
        JsonObject command;
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            command = front.command();
            front.accepted();
            front.exit(0);
        }
        assertThat(running.code()).as(running.err()).isZero();
        return command;
    }

    @Test
    void theWholeWay() throws Exception {
        ProcessBuilder builder = desk.command("add", "two words");
        Map<String, String> env = Map.copyOf(builder.environment());
        Running running = new Running(builder.start());
        try (FakeDaemon.Front front = desk.daemon().next()) {
            // Frames that are nobody's, and a header longer than it need be.
            front.send(new byte[] {7, 0, 8, 1, 'x', 10, 3, 1, 2, 3}, new byte[] {0, 1, '0'}, new byte[] {
                (byte) 0x87, (byte) 0x80, 0, (byte) 0x81, 0, 9
            });
            byte[] hello = FakeDaemon.greeting();
            front.send(Arrays.copyOfRange(hello, 2, hello.length));
            String line = front.commandLine();
            Path here = desk.directory();
            StringBuilder variables = new StringBuilder();
            JsonObject command = FakeDaemon.Front.parse(line);
            for (String name : command.getAsJsonObject("env").keySet()) {
                variables
                        .append(variables.isEmpty() ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":\"");
                variables.append(env.get(name)).append('"');
            }
            assertThat(map(command.get("env"))).isEqualTo(env);
            assertThat(line)
                    .isEqualTo("[\"command\",[{\"args\":[\"add\",\"two words\"],\"name\":\"tool\",\"cwd\":\"" + here
                            + "\",\"dev\":" + Files.getAttribute(here, "unix:dev") + ",\"ino\":"
                            + Files.getAttribute(here, "unix:ino") + ",\"env\":{" + variables
                            + "},\"tty\":[0,0,0],\"size\":[0,0],\"umask\":" + umask() + ",\"pid\":" + running.pid()
                            + "}],2]\n");
            front.send(FakeDaemon.frame("[\"leaving\",[0],-1]"), FakeDaemon.frame(""), new byte[] {7, 0});
            front.send(FakeDaemon.acceptance());
            front.send(FakeDaemon.piece(FakeDaemon.STDOUT, "out\n".getBytes(UTF_8)), FakeDaemon.read(5));
            running.type("hello world");
            assertThat(front.piece().all()).isEqualTo("1 104 101 108 108 111");
            front.send(FakeDaemon.piece(FakeDaemon.STDERR, "err\n".getBytes(UTF_8)), FakeDaemon.read(100));
            assertThat(front.piece().text()).isEqualTo(" world");
            running.process.getOutputStream().close();
            front.send(FakeDaemon.read(100));
            assertThat(front.piece().all()).isEqualTo("1");
            front.send(
                    FakeDaemon.piece(FakeDaemon.STDOUT), FakeDaemon.piece(FakeDaemon.STDOUT, "more".getBytes(UTF_8)));
            front.exit(3);
        }
        assertThat(running.code()).isEqualTo(3);
        assertThat(running.out()).isEqualTo("out\nmore");
        assertThat(running.err()).isEqualTo("err\n");
    }

    private static int umask() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Umask:")) {
                return Integer.parseInt(line.substring(6).trim(), 8);
            }
        }
        throw new IllegalStateException("no umask in /proc/self/status");
    }

    @Test
    void allInOnePacket() throws Exception {
        Running running = desk.start();
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            String unused = front.commandLine();
            front.send(
                    FakeDaemon.acceptance(),
                    FakeDaemon.piece(FakeDaemon.STDOUT, new byte[] {0, 1, (byte) 0xff}),
                    FakeDaemon.exit(255, 0, 0));
            assertThat(front.piece()).isNull();
        }
        assertThat(running.code()).isEqualTo(255);
        assertThat(running.bytes()).containsExactly(0, 1, 0xff);
    }

    @Test
    void theUmaskIsTold() throws Exception {
        assertThat(told(desk.shell("umask 077; exec \"$@\"")).get("umask").getAsInt())
                .isEqualTo(63);
    }

    @Test
    void argumentsOfAllKinds() throws Exception {
        String[] args = {
            "", " ", "\"", "\\", "\\\"\\u0041", "a\tb\nc\rd\u0001\u001f\u007f", "é€\ud83d\ude00\uffff", "--", "-x=\"y\""
        };
        ProcessBuilder builder = desk.shell("LC_ALL=C.UTF-8 exec \"$@\"");
        // The shell makes them, since the JVM knows only the characters of its own locale.
        StringBuilder text = new StringBuilder("exec \"$@\"");
        for (String arg : args) {
            text.append(" \"$(printf '");
            for (byte b : arg.getBytes(UTF_8)) {
                text.append(String.format("\\%03o", b & 0xff));
            }
            text.append("')\"");
        }
        builder.command().set(2, text.toString());
        assertThat(strings(told(builder).get("args"))).containsExactly(args);
    }

    @Test
    void muchIsTold() throws Exception {
        // MAX_ARG_STRLEN of Linux, with the zero at the end.
        String longest = "x".repeat(128 * 1024 - 1);
        String[] args = {longest, longest, "y".repeat(100_000)};
        assertThat(strings(told(desk.command(args)).get("args"))).containsExactly(args);
        String[] many = new String[60_000];
        Arrays.setAll(many, i -> Integer.toString(i));
        assertThat(strings(told(desk.command(many)).get("args"))).containsExactly(many);
    }

    @Test
    void variablesOfAllKinds() throws Exception {
        JsonObject command = told(desk.process(List.of(
                "/usr/bin/env",
                "-i",
                "A=1",
                "EMPTY=",
                "EQUALS=a=b",
                "TEXT=\"\\\n\u0001",
                "AUTODAEMON=",
                "AUTODAEMON_FRONT=",
                "PATH=" + desk.java().getParent(),
                desk.front().get(0),
                desk.front().get(1),
                desk.front().get(2))));
        assertThat(map(command.get("env")))
                .isEqualTo(new TreeMap<>(Map.of(
                        "A",
                        "1",
                        "EMPTY",
                        "",
                        "EQUALS",
                        "a=b",
                        "TEXT",
                        "\"\\\n\u0001",
                        "AUTODAEMON",
                        "",
                        "AUTODAEMON_FRONT",
                        "",
                        "PATH",
                        desk.java().getParent().toString())));
    }

    /** No shell and no JVM makes such an environment, so a program of C does. */
    @Test
    void anEnvironmentThatIsNone() throws Exception {
        Path gcc = Tools.need("gcc");
        Path source = desk.path("odd.c");
        Files.writeString(source, """
                #include <unistd.h>
                #include <stddef.h>
                int main(int argc, char **argv) {
                    char *env[] = {"A=1", "B=2", "nothing", "A=3", "=x", "AB=4", argv[1], "A=5", "B=2", "", NULL};
                    execve(argv[2], argv + 2, env);
                    return argc;
                }
                """);
        Process compiler = new ProcessBuilder(
                        gcc.toString(), "-o", desk.path("odd").toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();
        ProcessBuilder builder = desk.command();
        builder.command().add(0, desk.path("odd").toString());
        builder.command().add(1, "PATH=" + desk.java().getParent());
        JsonObject env = told(builder).getAsJsonObject("env");
        assertThat(env.toString())
                .isEqualTo("{\"A\":\"1\",\"B\":\"2\",\"AB\":\"4\",\"PATH\":\""
                        + desk.java().getParent() + "\"}");
    }

    @Test
    void manyVariables() throws Exception {
        ProcessBuilder builder = desk.command();
        for (int i = 0; i < 5000; i++) {
            builder.environment().put("VARIABLE_" + i, Integer.toString(i));
        }
        Map<String, String> env = new TreeMap<>(builder.environment());
        assertThat(map(told(builder).get("env"))).isEqualTo(env);
    }

    @Test
    void aLineOfAMegabyteAndNoMore() throws Exception {
        Running unused = desk.start();
        int line = measure();
        String[] args = new String[11];
        Arrays.fill(args, "x".repeat(100_000));
        // Each argument has two quotes, and all but the first a comma. The process id may have more digits, or fewer.
        args[9] = "x".repeat(50_000);
        int rest = (1 << 20) - line - 11 * 3 + 1 - 950_000;
        args[10] = "x".repeat(rest - 8);
        assertThat(strings(told(desk.command(args)).get("args"))).containsExactly(args);
        args[10] = "x".repeat(rest + 8);
        Running running = desk.start(args);
        assertThat(running.code()).isEqualTo(Desk.COLD);
        assertThat(running.out()).hasSizeGreaterThan(1_000_000);
    }

    private int measure() throws IOException {
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            return front.commandLine().length();
        }
    }

    @Test
    void everyExitCode() throws Exception {
        for (int code : new int[] {0, 1, 2, 42, 99 + 1, 125, 127, 128, 130, 254, 255}) {
            Running running = desk.start();
            try (FakeDaemon.Front front = desk.daemon().accept()) {
                front.exit(code);
            }
            assertThat(running.code()).isEqualTo(code);
        }
    }

    @Test
    void everyByte() throws Exception {
        byte[] all = new byte[100_000];
        new Random(1).nextBytes(all);
        Running running = desk.start();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.send(FakeDaemon.piece(FakeDaemon.STDOUT, all), FakeDaemon.piece(FakeDaemon.STDERR, all));
            front.exit(0);
        }
        assertThat(running.code()).isZero();
        assertThat(running.bytes()).isEqualTo(all);
    }

    /** Each cut is at least one of the two processes' writes; where the front reads it is tested by the bytewise build. */
    @Test
    void cutAnywhere() throws Exception {
        byte[] before = FakeDaemon.greeting();
        byte[] after = FakeDaemon.join(
                FakeDaemon.acceptance(),
                FakeDaemon.piece(FakeDaemon.STDOUT, "abc".getBytes(UTF_8)),
                FakeDaemon.piece(FakeDaemon.TERMINAL, (byte) 3),
                FakeDaemon.piece(FakeDaemon.HANDLED, (byte) 2),
                FakeDaemon.piece(FakeDaemon.STDOUT, "def".getBytes(UTF_8)),
                FakeDaemon.exit(9, 0, 0));
        for (int cut = 0; cut < Math.max(before.length, after.length); cut += 5) {
            Running running = desk.start();
            try (FakeDaemon.Front front = desk.daemon().next()) {
                int first = Math.min(cut, before.length);
                front.send(Arrays.copyOf(before, first));
                front.send(Arrays.copyOfRange(before, first, before.length));
                String unused = front.commandLine();
                int second = Math.min(cut, after.length);
                front.send(Arrays.copyOf(after, second));
                front.send(Arrays.copyOfRange(after, second, after.length));
                assertThat(front.piece()).isNull();
            }
            assertThat(running.code()).isEqualTo(9);
            assertThat(running.out()).isEqualTo("abcdef");
        }
    }
}
