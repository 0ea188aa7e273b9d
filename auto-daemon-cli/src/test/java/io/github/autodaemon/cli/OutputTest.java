package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.cli.Scene.Ran;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is printed: text of others does nothing to a terminal, JSON is exact, and what cannot be written is an error. */
@Timeout(240)
class OutputTest {
    /** A title, a colour, a C1 control, a bell, a backspace, a return, text that runs from right to left. */
    private static final String HOSTILE = "a\033]0;title\007b\033[31mc\u009b2Jd\u0007e\bf\rg\u007f\u202eh";

    private static final String SHOWN = "a?]0;title?b?[31mc?2Jd?e?f?g??h";

    @RegisterExtension
    final Scene scene = new Scene();

    private static String json(String text) {
        return JsonText.of(text, true);
    }

    private static void assertHarmless(Ran ran) {
        for (String text : List.of(ran.out(), ran.err())) {
            assertThat(text.codePoints()
                            .filter(c -> c != '\n' && c != '\t')
                            .filter(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
                    .as(text)
                    .isEmpty();
        }
    }

    private Ran harmless(String... args) throws Exception {
        Ran ran = scene.autod(args);
        assertHarmless(ran);
        return ran;
    }

    private static boolean has(JsonElement json, String text) {
        if (json instanceof JsonArray array) {
            return array.asList().stream().anyMatch(one -> has(one, text));
        }
        return json instanceof JsonObject object
                ? object.entrySet().stream()
                        .anyMatch(field -> field.getKey().contains(text) || has(field.getValue(), text))
                : json.isJsonPrimitive() && json.getAsString().contains(text);
    }

    @Test
    void textOfOthersDoesNothingToATerminal() throws Exception {
        Path index = scene.home().resolve("index");
        var open = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(index, open);
        // A daemon looks once, a moment after its first answer, for entries of the dead; what comes later stays.
        Path looked = Files.writeString(index.resolve("looked.daemon"), dead("looked", "nowhere"));
        try (Connection<Desk> desk = scene.desk("desk")
                .args(HOSTILE)
                .environment(Map.of("XDG_RUNTIME_DIR", scene.directory().toString(), "PATH", "/bin", HOSTILE, "x"))
                .build()
                .connect()) {
            desk.rpc().print("printed " + HOSTILE, "-");
            Path history = Path.of(scene.socket("desk") + ".history");
            String event = "{\"at\":1,\"event\":\"left\",\"pid\":7,\"why\":" + json(HOSTILE) + ",\"by\":"
                    + json(HOSTILE) + ",\"version\":" + json(HOSTILE) + "}\n";
            Files.writeString(history, event, StandardOpenOption.APPEND);
            while (Files.exists(looked)) {
                Thread.onSpinWait();
            }
            Files.writeString(index.resolve("dead.daemon"), dead("dead", HOSTILE));

            assertThat(harmless("ps").out()).contains(SHOWN);
            assertThat(harmless("status", "desk").out())
                    .contains("arguments   " + SHOWN, "environment " + SHOWN, "previous    pid 7 left at ");
            assertThat(harmless("why", "desk").out())
                    .contains("pid 7  " + SHOWN + ", by " + SHOWN + ", version " + SHOWN);
            assertThat(harmless("logs", "desk").out()).contains("out printed " + SHOWN + "\n");
            assertThat(harmless("doctor").out()).contains(SHOWN);
            assertThat(harmless("ps", "--clean").out()).contains("dead.daemon");

            for (List<String> command : List.of(
                    List.of("ps", "--json"), List.of("status", "desk", "--json"), List.of("why", "desk", "--json"))) {
                Ran ran = harmless(command.toArray(new String[0]));
                // A busy machine lets a daemon be silent for longer than a list waits.
                while (ran.out().contains("not-responding")) {
                    ran = harmless(command.toArray(new String[0]));
                }
                assertThat(has(JsonParser.parseString(ran.out()), HOSTILE))
                        .as(ran.out())
                        .isTrue();
            }
            assertThat(harmless("logs", "desk", "--json").out().lines())
                    .anyMatch(line -> has(JsonParser.parseString(line), "printed a\033]0;title\007b"));
        }
    }

    private String dead(String id, String socket) {
        return "{\"id\":" + json(id) + ",\"socket\":" + json(scene.directory() + "/" + socket)
                + ",\"pid\":1,\"started\":1,\"version\":" + json(HOSTILE) + "}";
    }

    @Test
    void errorsDoNothingToATerminalEither() throws Exception {
        scene.start("desk");
        assertThat(harmless("call", "desk", "fail", HOSTILE).err())
                .isEqualTo("autod: the service says: " + SHOWN + "\n");
        assertThat(harmless("call", "--verbose", "desk", "fail", HOSTILE).err()).contains(SHOWN, "\n\tat ");
        assertThat(harmless("call", "desk", HOSTILE).err()).contains("no method \"" + SHOWN + "\"");
        assertThat(harmless("call", "desk", "mirror", "{\"a\":" + json(HOSTILE) + "}")
                        .out())
                .isEqualTo("{\"a\":"
                        + json(HOSTILE)
                                .replace("\u009b", "\\u009b")
                                .replace("\u007f", "\\u007f")
                                .replace("\u202e", "\\u202e")
                        + "}\n");
        assertThat(harmless("status", HOSTILE).err()).contains("\"" + SHOWN + "\"");
        assertThat(harmless("status", "/" + HOSTILE + "/x").err()).contains("/" + SHOWN + "/x");
        assertThat(harmless("--" + HOSTILE).code()).isEqualTo(2);
        assertThat(harmless("run", "--name", "x", "--service", HOSTILE, "/dev/null")
                        .code())
                .isEqualTo(2);
    }

    /** A program that shows what the library throws is not to clean it first. */
    @Test
    void whatTheLibraryThrowsCanBeShown() {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            assertThat(catchThrowableOfType(
                            RemoteException.class, () -> desk.rpc().fail("two\nlines\t" + HOSTILE)))
                    .hasMessage("two\nlines\t" + SHOWN)
                    .satisfies(e -> assertThat(e.properties()).containsEntry("message", "two\nlines\t" + HOSTILE));
            assertThat(catchThrowableOfType(AutoDaemonException.class, () -> scene.desk("desk")
                            .args(HOSTILE)
                            .replace(false)
                            .build()
                            .connect()))
                    .hasMessageEndingWith("args: [] -> [" + SHOWN + "]");
        }
    }

    private Ran shell(Map<String, String> environment, String line, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", line, "sh"));
        command.addAll(scene.command(args));
        File err = Files.createTempFile(scene.directory(), "err", "").toFile();
        ProcessBuilder builder = scene.builder(command).redirectError(err);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err.toPath()));
    }

    @Test
    void whatCannotBeWrittenIsAnError() throws Exception {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            desk.rpc().print("x", "y");
            for (List<String> command : List.of(
                    List.of("ps"),
                    List.of("ps", "--json"),
                    List.of("ps", "--watch", "--json"),
                    List.of("status", "desk"),
                    List.of("logs", "desk"),
                    List.of("doctor", "--report"),
                    List.of("call", "desk", "add", "2"),
                    List.of("--help"),
                    List.of("--version"))) {
                Ran ran = shell(Map.of(), "\"$@\" >/dev/full", command.toArray(new String[0]));
                assertThat(ran)
                        .as(command.toString())
                        .isEqualTo(
                                new Ran(1, "", "autod: standard output cannot be written: No space left on device\n"));
            }
            Ran stream = shell(Map.of(), "echo x | \"$@\" >/dev/full", "call", "desk", "echo:s");
            assertThat(stream)
                    .isEqualTo(new Ran(1, "", "autod: standard output cannot be written: No space left on device\n"));
            // Who has read enough has not to be told.
            Ran head = shell(Map.of(), "{ \"$@\"; echo $? >&2; } | :", "logs", "desk");
            assertThat(head.err()).isIn("0\n", "1\n");
        }
        assertThat(shell(Map.of(), "\"$@\" >/dev/full", "stop", "desk").code()).isEqualTo(1);
    }

    /** The C locale is ASCII to a JVM, and bytes to everybody else. */
    @Test
    void inTheLocaleOfNobody() throws Exception {
        Map<String, String> nobody = Map.of("LC_ALL", "C", "LANG", "C");
        try (Connection<Desk> desk = scene.desk("desk").args("größe").build().connect()) {
            desk.rpc().print("schön \ud83d\ude00", "-");
            String value = "{\"ö\":\"ä€\ud83d\ude00\"}";
            assertThat(shell(nobody, "\"$@\"", "call", "desk", "mirror", value))
                    .isEqualTo(new Ran(0, value + "\n", ""));
            assertThat(shell(nobody, "\"$@\"", "call", "desk", "fail", "ö"))
                    .isEqualTo(new Ran(1, "", "autod: the service says: ö\n"));
            assertThat(shell(nobody, "\"$@\"", "logs", "desk").out()).contains("out schön \ud83d\ude00\n");
            assertThat(shell(nobody, "\"$@\"", "status", "desk").out()).contains("arguments   größe\n");
            assertThat(shell(nobody, "\"$@\"", "status", "ö").err()).startsWith("autod: no daemon \"ö\" is known");
            Ran json = shell(nobody, "\"$@\"", "status", "desk", "--json");
            assertThat(has(JsonParser.parseString(json.out()), "größe")).isTrue();
        }
    }
}
