package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.Connection;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code logs} and {@code why}: what there is to know of a daemon, also when it has left. */
@Timeout(60)
class LogsTest {
    @RegisterExtension
    final Scene scene = new Scene();

    private void print(String out, String err) {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            desk.rpc().print(out, err);
        }
    }

    @Test
    void theEndOfTheLogAndTheRunBefore() throws Exception {
        print("first run", "and its error");
        assertThat(scene.autod("logs", "desk", "-n", "2").out().lines().map(line -> line.substring(25)))
                .containsExactly("out first run", "err and its error");
        assertThat(scene.autod("stop", "desk").code()).isZero();
        print("second run", "-");
        assertThat(scene.autod("logs", "desk").out()).contains("--- started by pid ", "out second run");
        Ran previous = scene.autod("logs", "desk", "--previous");
        assertThat(previous.out())
                .contains("out first run", "--- left: stopped by pid ")
                .doesNotContain("second run");
        JsonObject last = scene.autod("logs", "desk", "--json")
                .out()
                .lines()
                .reduce((one, next) -> next)
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .orElseThrow();
        assertThat(last.get("from").getAsString()).isEqualTo("error");
        assertThat(last.get("text").getAsString()).isEqualTo("-");
        assertThat(scene.autod("logs", "desk", "-n", "0").out()).isEmpty();
        assertThat(scene.autod("logs", "desk", "-f", "--previous").code()).isEqualTo(2);
        assertThat(scene.autod("stop", "desk").code()).isZero();
        // The daemon is gone; its log is not.
        assertThat(scene.autod("logs", "desk", "-n", "1").out()).contains("--- left: stopped by ");
    }

    @Test
    void followedAcrossARestart() throws Exception {
        print("before", "-");
        Path err = scene.directory().resolve("follow.err");
        Process follow = scene.start(scene.command("logs", "-f", "-n", "1", "desk"), err.toFile());
        try (BufferedReader lines = follow.inputReader()) {
            assertThat(lines.readLine()).endsWith("err -");
            print("during", "-");
            assertThat(lines.readLine()).endsWith("out during");
            assertThat(lines.readLine()).endsWith("err -");
            assertThat(scene.autod("stop", "desk").code()).isZero();
            print("after", "-");
            assertThat(until(lines, "out after")).contains("left: stopped by ").contains("--- started by ");
            assertThat(Files.readString(err)).isEqualTo("autod: the daemon was started anew; this is its log\n");
            // By the handle: Process.destroy also closes the pipe, which ends it, too, with another code.
            follow.toHandle().destroy();
            assertThat(follow.waitFor()).isEqualTo(143);
        } finally {
            follow.destroy();
        }
    }

    private static String until(BufferedReader lines, String text) throws Exception {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(text) < 0) {
            all.append(lines.readLine()).append('\n');
        }
        return all.toString();
    }

    /** A reader that has had enough ends it. */
    @Test
    void intoHead() throws Exception {
        print("something", "-");
        List<String> command = scene.command("logs", "-f", "desk");
        List<String> piped = new java.util.ArrayList<>(List.of("/bin/sh", "-c", "\"$@\" | head -n 1", "sh"));
        piped.addAll(command);
        Process head = scene.start(piped, new File("/dev/null"));
        try (BufferedReader lines = head.inputReader()) {
            assertThat(lines.readLine()).contains("started by pid ");
            Thread talker = new Thread(() -> {
                while (head.isAlive()) {
                    print("more", "and more");
                }
            });
            talker.start();
            assertThat(head.waitFor()).isZero();
            talker.join();
        }
    }

    @Test
    void whyItRunsAndWhyTheOthersLeft() throws Exception {
        long first = scene.start("desk");
        assertThat(scene.autod("stop", "desk").code()).isZero();
        long second = scene.start("desk");
        Processes.kill(second);
        long third = scene.start("desk");
        try (Connection<Desk> desk = scene.desk("desk").args("other").build().connect()) {
            assertThat(desk.pid()).isPresent();
        }
        Processes.awaitEnd(third);
        Ran ran = scene.autod("why", "desk");
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().map(line -> line.substring("2026-01-31 12:00:00  ".length())))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("started  pid " + first + "  nobody served, by pid "
                                        + ProcessHandle.current().pid()),
                        line -> assertThat(line).startsWith("left     pid " + first + "  stopped by pid "),
                        line -> assertThat(line).startsWith("started  pid " + second + "  nobody served, by"),
                        line -> assertThat(line)
                                .isEqualTo("gone     pid " + second
                                        + "  it left no word: it was killed, or the machine stopped"),
                        line -> assertThat(line)
                                .startsWith("started  pid " + third + "  the daemon before it died, by"),
                        line -> assertThat(line)
                                .startsWith("left     pid " + third + "  replaced, asked to by pid ")
                                .endsWith(": args: [] -> [other]"),
                        line -> assertThat(line)
                                .contains("replaces pid " + third + ": args: [] -> [other], by pid ")
                                .contains(", version "));
        JsonArray events = JsonParser.parseString(
                        scene.autod("why", "desk", "--json").out())
                .getAsJsonArray();
        assertThat(events).hasSize(7);
        // Nobody knows when the killed one left; its successor found it gone.
        assertThat(events.get(3).getAsJsonObject().get("at"))
                .isEqualTo(events.get(4).getAsJsonObject().get("at"))
                .isNotEqualTo(events.get(2).getAsJsonObject().get("at"));
    }
}
