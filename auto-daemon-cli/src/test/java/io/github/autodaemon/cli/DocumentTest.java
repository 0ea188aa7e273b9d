package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.Connection;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.examples.counter.CounterCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/autod.md shows what happens, and describes every field. */
@Timeout(120)
class DocumentTest {
    private static final Path DOCUMENT = Scene.ROOT.resolve("docs/autod.md");
    private static final String CODE = "; echo $?";
    private static final String JAR = "examples/counter/target/counter.jar";

    @RegisterExtension
    final Scene scene = new Scene();

    /** One command after the other, and what differs from machine to machine and from run to run is made equal. */
    @Test
    void theCommands() throws Exception {
        Matcher blocks = Pattern.compile("(?s)```console\n(.*?)```").matcher(Files.readString(DOCUMENT));
        StringBuilder expected = new StringBuilder();
        StringBuilder happened = new StringBuilder();
        while (blocks.find()) {
            for (String line : blocks.group(1).lines().toList()) {
                expected.append(line).append('\n');
                if (line.startsWith("$ ")) {
                    happened.append(line).append('\n').append(run(line.substring(2)));
                }
            }
        }
        assertThat(expected.toString()).contains("ps", "status", "call", "logs", "stop", "why", "doctor", "run");
        assertThat(plain(happened.toString())).isEqualTo(plain(expected.toString()));
    }

    private String run(String line) throws Exception {
        boolean behind = line.endsWith(" &");
        boolean code = line.endsWith(CODE);
        String words = line.substring(0, line.length() - (behind ? " &".length() : code ? CODE.length() : 0))
                .replace(JAR, CounterClasses.path().toString());
        List<String> all = List.of(words.split(" ", -1));
        List<String> command = new ArrayList<>(scene.command());
        if (all.get(0).equals("./counter")) {
            command.set(command.size() - 1, CounterCommand.class.getName());
        } else {
            assertThat(all.get(0)).isEqualTo("./autod");
        }
        command.addAll(all.subList(1, all.size()));
        if (behind) {
            Path err = scene.directory().resolve("behind");
            Process process = scene.start(command, err.toFile());
            while (!Files.readString(err).endsWith("\n")) {
                assertThat(process.isAlive()).isTrue();
            }
            return Files.readString(err);
        }
        Ran ran = scene.run(command, "");
        return ran.err() + ran.out() + (code ? ran.code() + "\n" : "");
    }

    private String plain(String text) {
        return text.replace(scene.directory().toString(), "/run/user/1000")
                .replaceAll("(?m)^  classPath .*\n", "")
                .replaceAll("(?m)^ok       JAVA_HOME.*\n", "")
                .replaceAll("(?m)^(  jvm|ok       (?:jvm|java on PATH|limits|setsid)).*", "$1")
                .replaceAll(", on \\w+\n", ", on FS\n")
                .replaceAll("\\d+(?:\\.\\d+)?(ms|s|m|h|d)\\b", "T")
                .replaceAll("\\d+", "N")
                .replaceAll(" +", " ");
    }

    private static void fields(JsonElement json, Set<String> found) {
        if (json instanceof JsonArray array) {
            array.forEach(one -> fields(one, found));
        } else if (json instanceof JsonObject object) {
            object.entrySet().forEach(field -> {
                found.add(field.getKey());
                // Its own fields are those of a fingerprint.
                if (!field.getKey().equals("fingerprint")) {
                    fields(field.getValue(), found);
                }
            });
        }
    }

    @Test
    void everyFieldIsDescribedAndIsThere() throws Exception {
        Set<String> found = new TreeSet<>();
        scene.start("desk");
        assertThat(scene.autod("stop", "desk").code()).isZero();
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            Thread holder = Scene.hold(desk);
            while (!scene.autod("ps", "--json").out().contains("\"hold\"")) {
                Thread.onSpinWait();
            }
            for (List<String> command : List.of(
                    List.of("ps", "--json"),
                    List.of("status", "--json", "desk"),
                    List.of("why", "--json", "desk"),
                    List.of("doctor", "--json"),
                    List.of("stop", "--json", "--kill", "--timeout", "100ms", "desk"))) {
                fields(
                        JsonParser.parseString(
                                scene.autod(command.toArray(new String[0])).out()),
                        found);
            }
            scene.autod("logs", "--json", "desk")
                    .out()
                    .lines()
                    .forEach(line -> fields(JsonParser.parseString(line), found));
            holder.join();
        }
        String document = Files.readString(DOCUMENT);
        Set<String> described = new TreeSet<>();
        Matcher row =
                Pattern.compile("(?m)^\\| (`[^|]*) \\|").matcher(document.substring(document.indexOf("| field |")));
        while (row.find()) {
            for (String field : row.group(1).split(", ", -1)) {
                described.add(field.replace("`", ""));
            }
        }
        assertThat(found).isEqualTo(described);
    }
}
