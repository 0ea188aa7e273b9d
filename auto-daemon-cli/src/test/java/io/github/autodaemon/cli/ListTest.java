package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.Connection;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.io.File;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ps} and {@code status}: what is there, told from what is not. */
@Timeout(60)
class ListTest {
    @RegisterExtension
    final Scene scene = new Scene();

    private JsonArray list() throws Exception {
        Ran ran = scene.autod("ps", "--json");
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        return JsonParser.parseString(ran.out()).getAsJsonArray();
    }

    private JsonObject find(String name) throws Exception {
        return find(list(), name);
    }

    private static JsonObject find(JsonArray all, String name) {
        for (JsonElement one : all) {
            if (one.getAsJsonObject().get("name").getAsString().equals(name)) {
                return one.getAsJsonObject();
            }
        }
        throw new AssertionError("no " + name + " is listed");
    }

    private static String text(JsonObject object, String field) {
        return object.get(field).getAsString();
    }

    @Test
    void nothingRunsAndNothingIsStarted() throws Exception {
        assertThat(scene.autod("ps")).isEqualTo(new Ran(0, "no daemon runs\n", ""));
        assertThat(list()).isEmpty();
        assertThat(scene.autod("status", "desk"))
                .isEqualTo(new Ran(3, "", "autod: no daemon \"desk\" is known; there is none\n"));
        try (var files = Files.list(scene.home())) {
            assertThat(files).isEmpty();
        }
    }

    /** One in use, one idle, one that retires, and one at a path of its own: the table and the objects. */
    @Test
    void everyDaemonIsListed() throws Exception {
        Path elsewhere =
                Files.createDirectory(scene.directory().resolve("elsewhere")).resolve("mine");
        try (Connection<Desk> old = scene.desk("desk").build().connect();
                Connection<Desk> mine =
                        scene.desk("x").socket(elsewhere).build().connect()) {
            old.rpc().retire();
            try (Connection<Desk> used = scene.desk("desk").build().connect()) {
                long idle = scene.start("idle");
                Ran ran = scene.autod("ps");
                assertThat(ran.code()).isZero();
                assertThat(ran.err()).isEmpty();
                assertThat(ran.out().lines().toList().get(0).split(" +"))
                        .containsExactly(
                                "NAME", "STATE", "PID", "AGE", "CLIENTS", "CALLS", "MEMORY", "VERSION", "WHY",
                                "SOCKET");
                assertThat(ran.out().lines().skip(1).map(line -> line.replaceAll("(\\d+)(ms|s) ", "T ")))
                        .satisfiesExactlyInAnyOrder(
                                line -> assertThat(line)
                                        .matches("desk +retiring +" + pid(old) + " .* it has given up its socket .*"
                                                + scene.socket("desk")),
                                line -> assertThat(line)
                                        .matches("desk +serving +" + pid(used) + " +T +1 +0 +\\d+ MB +\\S+ +nobody"
                                                + " served, by pid " + self() + " .*" + scene.socket("desk")),
                                line -> assertThat(line)
                                        .matches("idle +idle T +" + idle + " +T +0 +0 .*" + scene.socket("idle")),
                                line -> assertThat(line)
                                        .matches("mine +serving +" + pid(mine) + " +T +1 +0 .*" + elsewhere));
                // A list is nobody's user.
                assertThat(find("idle")
                                .getAsJsonObject("status")
                                .get("references")
                                .getAsInt())
                        .isZero();
            }
        }
    }

    private static long pid(Connection<Desk> connection) {
        return connection.pid().orElseThrow();
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    @Test
    void oneThatIsBeingStarted() throws Exception {
        Processes.kill(scene.start("slow"));
        Path gate = scene.directory().resolve("gate");
        CompletableFuture<Long> pid = CompletableFuture.supplyAsync(
                () -> {
                    try (Connection<Desk> desk = scene.desk("slow")
                            .jvmOptions("-Ddesk.gate=" + gate)
                            .build()
                            .connect()) {
                        return desk.rpc().add(1);
                    }
                },
                task -> new Thread(task).start());
        while (!list().toString().contains("\"starting\"")) {
            Thread.onSpinWait();
        }
        // Not those of the one before.
        assertThat(find("slow").get("since").isJsonNull()).isTrue();
        assertThat(find("slow").get("version").isJsonNull()).isTrue();
        assertThat(text(find("slow"), "note")).isEqualTo("pid " + self() + " starts it");
        Ran ran = scene.autod("status", "slow");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.err()).contains("is being started: pid " + self() + " starts it");
        Ran stop = scene.autod("stop", "slow");
        assertThat(stop.code()).isEqualTo(3);
        assertThat(stop.err()).contains("is being started");
        Files.createFile(gate);
        assertThat(pid.join()).isEqualTo(1);
    }

    @Test
    void whatIsLeftOfOneThatDiedIsMarkedAndCleaned() throws Exception {
        long pid = scene.start("desk");
        Processes.kill(pid);
        assertThat(text(find("desk"), "state")).isEqualTo("leftover");
        assertThat(scene.autod("ps").out()).contains("desk  leftover").contains("its daemon died and left its socket");
        Ran status = scene.autod("status", "desk");
        assertThat(status.code()).isEqualTo(3);
        assertThat(status.err())
                .contains("the last one, pid " + pid + " was gone by ", "it left no word: it was killed")
                .contains("desk (" + scene.socket("desk") + ") is not running");
        Ran clean = scene.autod("ps", "--clean");
        assertThat(clean.code()).isZero();
        assertThat(clean.out())
                .contains("removed " + scene.socket("desk") + "\n")
                .contains("removed " + scene.home().resolve("index"));
        assertThat(scene.socket("desk")).doesNotExist();
        assertThat(scene.autod("ps", "--clean").out()).isEqualTo("nothing is left behind\n");
    }

    /** It is said to be so, with its pid, within the time limit; and it goes on when it is let. */
    @Test
    void oneThatIsStopped() throws Exception {
        long pid = scene.start("desk");
        Processes.signal(pid, "STOP");
        JsonObject silent = find("desk");
        assertThat(text(silent, "state")).isEqualTo("not-responding");
        assertThat(silent.get("pid").getAsLong()).isEqualTo(pid);
        Ran ran = scene.autod("status", "desk");
        assertThat(ran)
                .isEqualTo(new Ran(
                        4,
                        "",
                        "autod: desk (" + scene.socket("desk") + ") does not respond (pid " + pid
                                + "): it has not answered for 2000 ms; `autod stop --kill desk` ends its process\n"));
        Ran stop = scene.autod("stop", "desk");
        assertThat(stop.code()).isEqualTo(4);
        assertThat(stop.err()).contains("does not respond (pid " + pid + ")");
        Processes.signal(pid, "CONT");
        assertThat(scene.autod("status", "desk").code()).isZero();
    }

    @Test
    void oneDaemonInFull() throws Exception {
        try (Connection<Desk> desk =
                scene.desk("desk").args("one", "two").build().connect()) {
            desk.rpc().add(1);
            Scene.hold(desk);
            Ran ran = scene.autod("status", "desk");
            while (!ran.out().contains("hold (running")) {
                ran = scene.autod("status", "desk");
            }
            assertThat(ran.code()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out().lines().toList().get(0)).isEqualTo("desk: serving");
            assertThat(ran.out().replaceAll(" +", " "))
                    .contains(
                            " socket " + scene.socket("desk") + "\n",
                            " pid " + pid(desk) + ", since ",
                            " service " + DeskService.class.getName() + "\n",
                            " arguments one two\n",
                            " started nobody served, by pid " + self(),
                            " environment SECRET (sum ",
                            " answered 1 call",
                            " busy 1 call run, 0 wait, 0 streams\n",
                            " references 1, 1 of them connections\n",
                            " log " + scene.socket("desk") + ".log\n")
                    .containsPattern(" connection pid " + self() + ", for \\S+: hold \\(running, \\S+\\)\n")
                    .doesNotContain("xyzzy");
        }
    }

    @Test
    void theIdleCountdownAndTheOneBefore() throws Exception {
        long first = scene.start("desk");
        assertThat(scene.autod("stop", "desk").code()).isZero();
        try (Connection<Desk> desk = scene.desk("desk")
                .idleTimeout(java.time.Duration.ofHours(3))
                .build()
                .connect()) {
            assertThat(pid(desk)).isNotEqualTo(first);
        }
        Ran ran = scene.autod("status", "desk");
        while (!ran.out().contains("desk: idle")) {
            ran = scene.autod("status", "desk");
        }
        assertThat(ran.out())
                .containsPattern("idle +for \\S+, leaves in 2h\n")
                .containsPattern(
                        "previous +pid " + first + " left at .*: stopped by pid \\d+ \\(.*Autod stop desk\\)\n");
        JsonObject object = JsonParser.parseString(scene.autod(
                                "status",
                                "--json",
                                "--socket",
                                scene.socket("desk").toString())
                        .out())
                .getAsJsonObject();
        assertThat(object.getAsJsonObject("previous").get("pid").getAsLong()).isEqualTo(first);
        assertThat(object.getAsJsonObject("fingerprint").getAsJsonArray("classPath"))
                .isNotEmpty();
    }

    @Test
    void namesThatMeanNothingOrTooMuch() throws Exception {
        scene.start("desk");
        scene.start("other");
        assertThat(scene.autod("status", "dsk"))
                .isEqualTo(new Ran(
                        3, "", "autod: no daemon \"dsk\" is known; did you mean desk? there are: desk, other\n"));
        Path twin =
                Files.createDirectory(scene.directory().resolve("elsewhere")).resolve("desk.sock");
        try (Connection<Desk> second = scene.desk("x").socket(twin).build().connect()) {
            Ran ran = scene.autod("status", "desk");
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err())
                    .startsWith("autod: \"desk\" can mean any of these; name its socket:\n")
                    .contains("  " + scene.socket("desk") + "\n", "  " + twin + "\n");
            assertThat(scene.autod("status", twin.toString()).out()).contains("pid         " + pid(second));
        }
    }

    /** A name that has no place in a file's is shown short, and what is shown can be written; {@link NamesTest} has the rest. */
    @Test
    void longNamesAreShort() throws Exception {
        String name = "notes__home_me_.cache_notes~0123456789abcdef";
        long pid = scene.start(name);
        scene.start("notebook");
        JsonArray all = list();
        assertThat(find(all, name).get("pid").getAsLong()).isEqualTo(pid);
        assertThat(scene.autod("ps").out()).containsPattern("(?m)^notes~0123 +idle ");
        assertThat(scene.autod("logs", "notes", "-n", "1").out()).contains("started by ");
        assertThat(scene.autod("status", "note"))
                .isEqualTo(new Ran(
                        2,
                        "",
                        "autod: \"note\" can mean any of these; name its socket:\n  " + scene.socket("notebook")
                                + "\n  " + scene.socket(name) + "\n"));
        assertThat(scene.autod("stop", "notes~01").out()).isEqualTo("notes~0123 (pid " + pid + ") stopped\n");
        assertThat(scene.autod("status", "notebok").err())
                .isEqualTo("autod: no daemon \"notebok\" is known; did you mean notebook? there are: notebook,"
                        + " notes~0123\n");
    }

    @Test
    void pathsThatAreNoDaemons() throws Exception {
        Path file = Files.writeString(scene.directory().resolve("file"), "precious");
        Ran ran = scene.autod("status", file.toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains(file + " is a regular file, not a socket");
        assertThat(file).hasContent("precious");
        assertThat(scene.autod("stop", "--kill", file.toString()).code()).isEqualTo(1);
        assertThat(scene.autod("status", "/nowhere/at/all").err())
                .startsWith("autod: the directory of the socket /nowhere/at/all does not exist");
        assertThat(scene.autod("status", scene.directory().resolve("none").toString())
                        .code())
                .isEqualTo(3);

        Path strange = scene.directory().resolve("strange");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(strange));
            new Thread(() -> {
                        try {
                            while (true) {
                                SocketChannel client = server.accept();
                                client.write(ByteBuffer.wrap(
                                        "Tue Nov 24\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                                client.close();
                            }
                        } catch (java.io.IOException e) {
                            // Closed: the test is over.
                            assertThat(server.isOpen()).isFalse();
                        }
                    })
                    .start();
            Ran stranger = scene.autod("status", strange.toString());
            assertThat(stranger.code()).isEqualTo(1);
            assertThat(stranger.err()).contains("whoever listens on " + strange + " is not an auto-daemon");
        }
        assertThat(strange).exists();
    }

    /** Two hundred: most of them servers in one process, twenty in a process that is stopped. */
    @Test
    void twoHundred() throws Exception {
        Process many = crowd("many", 179);
        Process stopped = crowd("stopped", 20);
        long one = scene.start("one");
        Processes.signal(stopped.pid(), "STOP");
        JsonArray all = list();
        assertThat(all).hasSize(200);
        int serving = 0;
        int silent = 0;
        for (JsonElement each : all) {
            String state = text(each.getAsJsonObject(), "state");
            serving += state.equals("serving") ? 1 : 0;
            silent += state.equals("not-responding") ? 1 : 0;
        }
        assertThat(serving).isEqualTo(180);
        assertThat(silent).isEqualTo(20);
        assertThat(find(all, "one").get("pid").getAsLong()).isEqualTo(one);
        assertThat(find(all, "many-7").get("pid").getAsLong()).isEqualTo(many.pid());
    }

    private Process crowd(String name, int count) throws Exception {
        Process crowd = scene.start(
                java.util.List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crowd.class.getName(),
                        scene.home().toString(),
                        name,
                        Integer.toString(count)),
                new File(scene.directory().toFile(), name + ".err"));
        assertThat(crowd.inputReader().readLine()).isEqualTo("ready");
        return crowd;
    }
}
